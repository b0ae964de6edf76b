/**
 * What a copy event is about to put on the clipboard, or null where that cannot be told. Inside a text field that is the
 * field's own selection: the document's does not hold it in Firefox.
 */
export function copiedText(event: ClipboardEvent): string | null {
  const field = event.composedPath()[0];
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
    const { selectionStart, selectionEnd } = field;
    if (selectionStart === null || selectionEnd === null) return null;
    return field.value.slice(selectionStart, selectionEnd);
  }
  return field instanceof Node
    ? ((field.ownerDocument ?? document).getSelection()?.toString() ?? null)
    : null;
}
