/** Text of others as it may stand in one line of a terminal: no control or direction characters, blanks collapsed. */
export function plainLine(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
