/** Whether a command ends, and well, where nobody reads what it prints any more, as `log | head` does. */
let ends = true;

export const endsWithReader = (): boolean => ends;

/** For what works on unseen: a proxy whose terminal or log collector is gone serves its programs all the same. */
export function goOnWithoutReader(): void {
  ends = false;
}
