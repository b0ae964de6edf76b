import { useEffect } from 'preact/hooks';
import { announce } from '../ui/announce.tsx';
import { useBusySpinner, useSlow } from '../ui/delay.ts';
import { WORDS } from './words.ts';

/** The form's outline while the server is asked; only after 300 ms, and without movement. */
export function Skeleton({ host }: { host?: string | undefined }) {
  const shown = useBusySpinner(true);
  const slow = useSlow(true) && host !== undefined;
  useEffect(() => {
    if (slow) announce(WORDS.slow(host));
  }, [slow, host]);
  if (!shown) return <h1 class="visually-hidden">{WORDS.loading}</h1>;
  return (
    <div class="skeleton">
      <h1 class="visually-hidden">{WORDS.loading}</h1>
      {slow && <p class="hint">{WORDS.slow(host)}</p>}
      <span class="bone track" />
      <span class="bone label" />
      <span class="bone control-bone" />
      <span class="bone label" />
      <span class="bone control-bone" />
      <span class="bone label" />
      <span class="bone control-bone" />
    </div>
  );
}
