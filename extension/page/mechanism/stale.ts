import { ISLAND } from './island-name.ts';

const COVERED = 'data-tokenleash-covered';

/** Takes an element of the page out of sight without moving it: it is React's, which would miss it. */
export function hide(element: HTMLElement): void {
  if (element.style.getPropertyPriority('display') === 'important') return;
  element.setAttribute(COVERED, '');
  element.style.setProperty('display', 'none', 'important');
}

export function unhide(element: HTMLElement): void {
  element.removeAttribute(COVERED);
  element.style.removeProperty('display');
}

/** What an earlier copy of this script left on the page: Firefox ends it without a word when the extension is updated. */
export function clearStale(document: Document): void {
  for (const left of document.querySelectorAll(ISLAND)) left.remove();
  for (const covered of document.querySelectorAll<HTMLElement>(`[${COVERED}]`)) unhide(covered);
}
