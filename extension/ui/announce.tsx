import { signal } from '@preact/signals';

const said = signal('');

/** Long enough for a screen reader to notice that the region was empty. */
const SILENCE_MS = 100;

/**
 * Says a status once to those who hear the screen. A countdown is never said: only its start and its end.
 * The region must stand in the page before the words come, or screen readers miss them; so there is one for all.
 */
export function announce(words: string): void {
  if (said.value !== words || words === '') {
    said.value = words;
    return;
  }
  // The same words once more, as after "Copy again", are heard only when they come anew.
  said.value = '';
  setTimeout(() => {
    if (said.value === '') said.value = words;
  }, SILENCE_MS);
}

/** The one live region of a page; see `announce`. */
export function Announcer() {
  return (
    <div role="status" class="visually-hidden">
      {said.value}
    </div>
  );
}
