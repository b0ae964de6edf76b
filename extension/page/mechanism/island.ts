import { element } from './dom.ts';
import { ISLAND } from './island-name.ts';
import { BASE_STYLE, followTheme, knownTheme } from './theme.ts';

let language = '';

/** Unleash's page is English whatever we speak, and screen readers read each in its own voice. */
export function speak(tag: string): void {
  language = tag;
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
  const frame = element('div', { class: 'frame', lang: language });
  wear(root, [BASE_STYLE, style]);
  root.append(frame);
  host.dataset.theme = knownTheme(window, ISLAND);
  return { host, frame, followTheme: () => followTheme(window, ISLAND) };
}

const sheets = new Map<string, CSSStyleSheet>();

/**
 * One sheet for all islands that look alike, which are dozens in a table: a style element would be read anew by each,
 * and again whenever it comes to another row. Firefox does not let an extension do so on a page.
 */
function wear(root: ShadowRoot, styles: readonly string[]): void {
  try {
    root.adoptedStyleSheets = styles.map((style) => {
      const known = sheets.get(style);
      if (known) return known;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      sheets.set(style, sheet);
      return sheet;
    });
  } catch {
    root.append(element('style', {}, ...styles));
  }
}

/** A click by a person. A page can dispatch a click at our host, but not one that is trusted. */
export function onPress(
  button: HTMLButtonElement,
  action: (press: MouseEvent) => void,
  signal: AbortSignal,
): void {
  button.addEventListener(
    'click',
    (event) => {
      if (!event.isTrusted || button.getAttribute('aria-disabled') === 'true') return;
      // What lies around us on the page may act on clicks too.
      event.stopPropagation();
      action(event);
    },
    { signal },
  );
}
