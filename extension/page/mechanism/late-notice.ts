import type { Notice } from './notice.ts';

/** A notice whose code comes with the first thing that it has to say: on most pages there never is one. */
export function lateNotice(load: () => Promise<Notice | null>): Notice {
  let loading: Promise<Notice | null> | null = null;
  /** What was asked for last alone is shown, however long the loading took. */
  let last = 0;
  const say = (words: (notice: Notice) => void) => {
    last += 1;
    const turn = last;
    loading ??= load();
    void loading.then((notice) => {
      // Another try with the next notice.
      if (notice === null) loading = null;
      else if (turn === last) words(notice);
    });
  };
  return {
    dismiss() {
      if (loading !== null) say((notice) => notice.dismiss());
    },
    say: (title, detail) => say((notice) => notice.say(title, detail)),
    offerKeys: (title, choices) => say((notice) => notice.offerKeys(title, choices)),
    showCopy: (copy) => say((notice) => notice.showCopy(copy)),
  };
}
