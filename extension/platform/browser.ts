/** The one way to the browser's own API; everything else gets what it needs from here as arguments. */
export { default as browser } from 'webextension-polyfill';
