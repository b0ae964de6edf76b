import type { ExpiryWords } from './expiry-words.ts';
import { borrowedKit } from './kit.ts';

const { createIsland, element, icon, mark } = borrowedKit();

/** It stands over the row's own space and has no size in it, so that nothing of the page moves for it. */
const STYLE = `
:host{position:absolute!important;margin-inline-start:var(--after)!important;display:block!important;
height:20px!important;width:0!important}
.pill{display:flex;width:max-content;align-items:center;gap:4px;height:20px;padding:0 6px 0 3px;border:1px solid var(--line-control);
border-radius:var(--radius-mark);background:var(--surface);color:var(--text-2);font:var(--type-meta);white-space:nowrap}
.pill[data-tone=soon]{background:var(--warn-soft);border-color:var(--warn);color:var(--warn-text)}
.pill[data-tone=past]{background:var(--danger-soft);border-color:var(--danger);color:var(--danger-text)}
.pill[data-small]{padding:0 3px}
.icon{width:14px;height:14px}
.pill[data-tone=calm] .icon{display:none}
`;

/** Between a name and its mark. */
const GAP_PX = 8;
/** Where the name fills its cell, the mark stands in the space between two columns, which is 32 px wide. */
const OVER_PX = 2;

/** Where a mark may stand, in CSS px from the beginning of the name: the name's end, and the cell's. */
export type MarkPlace = { nameEnd: number; cellEnd: number };

export type ExpiryMark = {
  host: HTMLElement;
  show(words: ExpiryWords): void;
  /** Reads its width; it must be on the page, and shown. */
  measure(): void;
  /** Call `measure` of all marks before this of any, or each would lay out the page anew. */
  place(place: MarkPlace): void;
  followTheme(): void;
};

let drawn: HTMLElement | null = null;

/** The mark behind a token's name; without room for its words it is an icon, its words on hover and for screen readers. */
export function createExpiryMark(): ExpiryMark {
  const { host, frame, followTheme } = createIsland('expiry-mark', STYLE);
  // A copy of what is drawn takes a part of the time that drawing takes, and there are dozens of them.
  drawn ??= element('div', { class: 'pill' }, mark(14));
  const pill = drawn.cloneNode(true) as HTMLElement;
  const words = element('span');
  pill.append(words);
  frame.append(pill);
  let clock: SVGSVGElement | null = null;
  let said: ExpiryWords | null = null;
  let shown = '';
  pill.addEventListener('pointerenter', () => {
    pill.title = `Tokenleash: ${said?.whole()}`;
  });
  /** With its words, in CSS px; null until measured. */
  let width: number | null = null;
  const setSmall = (isSmall: boolean) => {
    if (pill.hasAttribute('data-small') === isSmall) return;
    pill.toggleAttribute('data-small', isSmall);
    words.className = isSmall ? 'unseen' : '';
  };
  return {
    host,
    followTheme,
    show(next) {
      said = next;
      const { tone, short } = next;
      if (shown === tone + short) return;
      shown = tone + short;
      pill.dataset.tone = tone;
      if (tone !== 'calm' && clock === null) {
        clock = icon('clock');
        words.before(clock);
      }
      words.textContent = short;
      width = null;
      setSmall(false);
    },
    measure() {
      width ??= pill.offsetWidth;
    },
    place({ nameEnd, cellEnd }) {
      const after = nameEnd + GAP_PX;
      const fits = after + (width ?? 0) <= cellEnd;
      setSmall(!fits);
      const at = `${fits ? after : Math.min(after, cellEnd + OVER_PX)}px`;
      if (host.style.getPropertyValue('--after') !== at) host.style.setProperty('--after', at);
    },
  };
}
