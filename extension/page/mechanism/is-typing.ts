/** What takes letters for itself: fields, and lists and menus that jump to what begins with them. */
const TAKES_LETTERS =
  'input, textarea, select, [contenteditable], [role="textbox"], [role="combobox"], [role="listbox"], [role="menu"], [role="dialog"], [role="application"]';

/** Whether a key is meant for a field, a list, a menu or a dialog, so that a shortcut must leave it alone. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing) return true;
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  if (target.closest(TAKES_LETTERS) !== null) return true;
  // Behind an open dialog nothing is to be started, wherever the focus is.
  return target.ownerDocument.querySelector('[role="dialog"]') !== null;
}
