/** "30 s", "2 min". */
export function delayInWords(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

/** What becomes of the copy, as the second sentence of every status. */
export function whatHappensNext(delaySeconds: number | null, isBlind: boolean): string {
  if (delaySeconds === null) return 'Stays until you copy something else.';
  const clears = `Clears in ${delayInWords(delaySeconds)}.`;
  return isBlind ? `${clears} Clears whatever is there then.` : clears;
}
