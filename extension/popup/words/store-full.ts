/** What is said where the browser has no room for a token that was just made. */
export const STORE_FULL = {
  title: 'The browser has no room left to keep this',
  text: (shownOnce: boolean) =>
    shownOnce
      ? 'Put it where it belongs before you close this. Then free some disk space.'
      : 'It is in Unleash all the same. Free some disk space before you create the next.',
} as const;
