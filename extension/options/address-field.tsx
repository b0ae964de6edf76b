import { CircleCheck, LogIn } from 'lucide-preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Link, TextButton } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Added } from './instances-store.ts';
import type { Options } from './store.ts';
import { INSTANCES } from './words.ts';

/** The address of a server, and what is wrong with it. It has the focus from the start. */
export function AddressField({
  options,
  onAddInClear = () => void options.addInClear(),
}: {
  options: Options;
  onAddInClear?: () => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const failure = options.failure.value;
  return (
    <TextField
      label={INSTANCES.url}
      type="url"
      value={options.address.value}
      inputRef={field}
      placeholder="https://unleash.example.com"
      onInput={options.type}
      hint={options.added.value ? undefined : INSTANCES.urlHint}
      error={
        failure && (
          <>
            {[failure.title, failure.message].filter(Boolean).join('. ')}
            {failure.suggestion !== undefined && (
              <div>
                <TextButton danger onClick={() => options.type(failure.suggestion ?? '')}>
                  {INSTANCES.use(failure.suggestion)}
                </TextButton>
              </div>
            )}
            {failure.code === 'url.clear-text' && (
              <div>
                <TextButton danger onClick={onAddInClear}>
                  {INSTANCES.addInClear}
                </TextButton>
              </div>
            )}
            {failure.loginUrl !== undefined && (
              <div>
                <Link href={failure.loginUrl}>{INSTANCES.logIn}</Link>
              </div>
            )}
          </>
        )
      }
    />
  );
}

export function addedWords(added: Added): string {
  return `${INSTANCES.recognised(added.version)} ${added.loggedIn ? INSTANCES.loggedIn : INSTANCES.logInFirst}`;
}

/** That it was added, and the way to log in where the user is not. */
export function AddedLine({ added }: { added: Added }) {
  return (
    <div class={added.loggedIn ? 'added' : 'added warn'}>
      <Icon of={added.loggedIn ? CircleCheck : LogIn} />
      <span>
        {addedWords(added)}{' '}
        {!added.loggedIn && <Link href={added.loginUrl}>{INSTANCES.logIn}</Link>}
      </span>
    </div>
  );
}
