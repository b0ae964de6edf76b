/** What webextension-polyfill gives in Firefox: the browser's own API, which it was made after. */
export default (globalThis as unknown as { browser: typeof import('webextension-polyfill') })
  .browser;
