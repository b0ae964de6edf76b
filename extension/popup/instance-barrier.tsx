import { ExternalLink, LogIn, ServerOff, ShieldAlert, Unplug } from 'lucide-preact';
import type { InstanceState } from '../platform/messages.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { EmptyView } from '../ui/empty-view.tsx';
import type { OpenOptions } from './open-options.ts';
import type { Popup } from './store.ts';
import { WINDOW_NOTE } from './words/window-note.ts';
import { NO_ACCESS, NOT_LOGGED_IN, UNREACHABLE, WORDS } from './words.ts';

type Barred = Exclude<InstanceState, { state: 'ready' }>;
type Props = { popup: Popup; state: Barred; openOptions: OpenOptions };

/** Why this instance cannot be used now, and what to do about it. */
export function InstanceBarrier({ popup, state, openOptions }: Props) {
  const instance = popup.current.value;
  const session = popup.tabSession.value;
  if (!instance) return null;
  const tryAgain = (look: 'primary' | 'outline') => (
    <Button look={look} onClick={() => void popup.load()}>
      {WORDS.tryAgain}
    </Button>
  );
  if (state.state === 'not-logged-in') {
    return (
      <EmptyView icon={LogIn} title={NOT_LOGGED_IN.title}>
        <p>
          {NOT_LOGGED_IN.before}
          <strong>{instance.name}</strong>
          {NOT_LOGGED_IN.after}
        </p>
        <div class="acts">
          {session !== 'private' && (
            <LinkButton href={state.loginUrl} icon={ExternalLink}>
              {WORDS.openLogin}
            </LinkButton>
          )}
          {tryAgain(session === 'private' ? 'primary' : 'outline')}
        </div>
        <p class="meta">{session === 'normal' ? NOT_LOGGED_IN.foot : WINDOW_NOTE[session].login}</p>
      </EmptyView>
    );
  }
  if (state.state === 'no-access') {
    return (
      <EmptyView icon={ShieldAlert} title={NO_ACCESS.title} tone="neutral">
        <p>{NO_ACCESS.text(instance.name)}</p>
        <div class="acts">
          <Button
            look="primary"
            icon={ExternalLink}
            onClick={() => void openOptions({ allow: instance.id })}
          >
            {NO_ACCESS.allow}
          </Button>
          {tryAgain('outline')}
        </div>
      </EmptyView>
    );
  }
  if (state.state === 'not-unleash') {
    return (
      <EmptyView icon={ServerOff} title={UNREACHABLE.notUnleash(instance.name)} tone="neutral">
        <p>{state.message}</p>
        <div class="acts">
          {tryAgain('primary')}
          <Button onClick={() => void openOptions()}>{UNREACHABLE.change}</Button>
        </div>
      </EmptyView>
    );
  }
  return (
    <EmptyView icon={Unplug} title={UNREACHABLE.title(instance.name)} tone="neutral">
      <p>{state.message}</p>
      <div class="acts">{tryAgain('primary')}</div>
    </EmptyView>
  );
}
