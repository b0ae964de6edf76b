import palette from '../../ui/theme.css?inline';

/** The page's own theme decides between the two: Unleash marks dark by colours alone, never by an attribute. */
export type Theme = 'light' | 'dark';

/** What every shadow root of ours begins with. `:host` rules are important, which no rule of the page can beat. */
export const BASE_STYLE = `${palette}
:host{all:initial!important}
*{box-sizing:border-box}
.frame{color-scheme:light;font:var(--type-body);color:var(--text);text-align:start;-webkit-font-smoothing:antialiased}
:host([data-theme=dark]) .frame{color-scheme:dark}
button{font:inherit;color:inherit;margin:0;background:none;border:1px solid transparent;cursor:pointer;
border-radius:var(--radius-control);display:inline-flex;align-items:center;justify-content:center;gap:8px;
white-space:nowrap;transition:background-color var(--fast),border-color var(--fast)}
button:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
button[aria-disabled=true]{cursor:default}
.icon{flex:none;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.mark{flex:none}
.mark-ground{fill:var(--accent)}
.mark-line{fill:none;stroke:var(--on-accent);stroke-width:2.1;stroke-linecap:round}
.quiet{color:var(--text-2)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (prefers-reduced-motion:reduce){*{animation-duration:80ms;transition-duration:80ms}}
@media (forced-colors:active){.mark-ground{fill:ButtonText}.mark-line{stroke:ButtonFace}}
`;

/** By the luminance (0 to 1, WCAG) of what the page paints behind everything; a page that paints nothing is light. */
export function themeOfColor(color: string): Theme {
  const [red = 255, green = 255, blue = 255, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(
    Number,
  );
  if (alpha === 0) return 'light';
  const [r = 1, g = 1, b = 1] = [red, green, blue].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18 ? 'dark' : 'light';
}

export function themeOfPage(window: Window): Theme {
  return themeOfColor(window.getComputedStyle(window.document.body).backgroundColor);
}

/** How long after a change of the page its theme is looked at, in ms. */
const LOOK_AFTER_MS = 250;

let isDue = false;
let known: Theme | null = null;

/**
 * As it was when it was last looked at, by whichever script of ours: a look in the midst of a change costs a layout, and
 * `followTheme` mends a moment later what is no longer so.
 */
export function knownTheme(window: Window, hosts: string): Theme {
  if (known !== null) return known;
  const shown = window.document.querySelector<HTMLElement>(hosts)?.dataset.theme;
  known = shown === 'light' || shown === 'dark' ? shown : themeOfPage(window);
  return known;
}

/** Looks at the page's theme a moment from now, once for however many ask, and gives it to all `hosts` of ours then. */
export function followTheme(window: Window, hosts: string): void {
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    onceLaidOut(window, () => {
      isDue = false;
      known = themeOfPage(window);
      for (const host of window.document.querySelectorAll<HTMLElement>(hosts)) {
        if (host.dataset.theme !== known) host.dataset.theme = known;
      }
    });
  }, LOOK_AFTER_MS);
}

/** When the next frame has been laid out and is not painted yet: only then does a look at styles cost nothing. */
function onceLaidOut(window: Window, look: () => void): void {
  const observer = new ResizeObserver(() => {
    observer.disconnect();
    look();
  });
  observer.observe(window.document.body);
}
