import { Copy, Lock } from 'lucide-preact';
import { announce } from '../ui/announce.tsx';
import { Button, TextButton } from '../ui/button.tsx';
import { EmptyView } from '../ui/empty-view.tsx';
import type { Ready } from './create-form.ts';
import { BARRED } from './words.ts';

type Props = {
  state: Ready;
  url: string;
  /** Back to what this user may do; absent when there is nothing. */
  onPersonal?: () => void;
};

/** What this user may not create, which right is missing by Unleash's own name, and what still works. */
export function NoPermission({ state, url, onPersonal }: Props) {
  const { role, missing } = state.abilities;
  const copyRequest = async () => {
    try {
      await navigator.clipboard.writeText(BARRED.request(state.user, role, url, missing));
      announce(BARRED.requestCopied);
    } catch {
      announce(BARRED.requestNotCopied);
    }
  };
  return (
    <EmptyView icon={Lock} title={onPersonal ? BARRED.title : BARRED.titleNothing} tone="neutral">
      <p>
        {role === null ? (
          BARRED.noRole
        ) : (
          <>
            {BARRED.role}
            <strong>{role}</strong>.{' '}
          </>
        )}
        {missing.length > 0 && BARRED.ask}
      </p>
      {missing.length > 0 && (
        <ul class="rights">
          {missing.map((right) => (
            <li key={right}>
              <code>{right}</code>{' '}
              <span>{right.includes('PROJECT') ? BARRED.inOneProject : BARRED.everywhere}</span>
            </li>
          ))}
        </ul>
      )}
      <div class="acts">
        <Button look="primary" icon={Copy} onClick={() => void copyRequest()}>
          {BARRED.copyRequest}
        </Button>
      </div>
      {onPersonal && (
        <p>
          {BARRED.still}
          <TextButton onClick={onPersonal}>{BARRED.stillLink}</TextButton>.
        </p>
      )}
    </EmptyView>
  );
}
