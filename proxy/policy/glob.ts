/** `*` stands for any text, `?` for one character; anything else for itself. Says whether a text matches. */
export type Glob = (text: string) => boolean;

/** Makes a matcher whose time grows with glob × text at worst, whatever either holds: no regular expression. */
export function compileGlob(glob: string): Glob {
  if (/^\*+$/.test(glob)) return () => true;
  if (!/[*?]/.test(glob)) return (text) => text === glob;
  // What nearly all are.
  const [, beginning] = /^([^*?]+)\*$/.exec(glob) ?? [];
  if (beginning !== undefined) return (text) => text.startsWith(beginning);
  const parts = [...glob];
  return (text) => matches(parts, [...text]);
}

/** Takes each `*` as short as it can, and goes back to the last one alone, for it can make up for all before it. */
function matches(glob: readonly string[], text: readonly string[]): boolean {
  let inGlob = 0;
  let inText = 0;
  let star = -1;
  let resumed = 0;
  while (inText < text.length) {
    if (glob[inGlob] === '*') {
      star = inGlob;
      resumed = inText;
      inGlob += 1;
    } else if (inGlob < glob.length && (glob[inGlob] === '?' || glob[inGlob] === text[inText])) {
      inGlob += 1;
      inText += 1;
    } else if (star >= 0) {
      inGlob = star + 1;
      resumed += 1;
      inText = resumed;
    } else return false;
  }
  while (glob[inGlob] === '*') inGlob += 1;
  return inGlob === glob.length;
}
