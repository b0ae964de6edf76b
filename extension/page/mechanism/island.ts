import { say } from '../../platform/say.ts';
import { element } from './dom.ts';
import { BASE_STYLE, followTheme, knownTheme } from './theme.ts';

/** The one element name that we put on a page. What is in it lies in a closed shadow root, out of the page's reach. */
export const ISLAND = 'tokenleash-ui';

let language = '';

/** Unleash's page is English whatever we speak, and screen readers read each in its own voice. */
export function islandLanguage(): string {
  language ||= say('locale_tag');
  return language;
}

export type Island = {
  host: HTMLElement;
  frame: HTMLElement;
  /** Follows the page's theme, which may change under it. */
  followTheme(): void;
};

/**
 * An element for the page with our own styles and nothing of the page's. `name` tells it apart for people who look at
 * the page's elements; the page learns no more from it.
 */
export function createIsland(name: string, style: string): Island {
  const host = document.createElement(ISLAND);
  host.setAttribute('data-part', name);
  const root = host.attachShadow({ mode: 'closed' });
  const frame = element('div', { class: 'frame', lang: islandLanguage() });
  root.append(element('style', {}, BASE_STYLE, style), frame);
  host.dataset.theme = knownTheme(window, ISLAND);
  return { host, frame, followTheme: () => followTheme(window, ISLAND) };
}

/** A click by a person. A page can dispatch a click at our host, but not one that is trusted. */
export function onPress(button: HTMLButtonElement, action: () => void, signal: AbortSignal): void {
  button.addEventListener(
    'click',
    (event) => {
      if (!event.isTrusted || button.getAttribute('aria-disabled') === 'true') return;
      // What lies around us on the page may act on clicks too.
      event.stopPropagation();
      action();
    },
    { signal },
  );
}
