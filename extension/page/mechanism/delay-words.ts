import { say, sayLater } from '../../platform/say.ts';

const SECONDS = sayLater('seconds');
const MINUTES = sayLater('minutes');
const CLEARS_IN = sayLater('clears_in');
const STAYS = say('stays_until');
const BLIND = say('blind');

/** "30 s", "2 min". */
export function delayInWords(seconds: number): string {
  return seconds < 120 ? SECONDS(seconds) : MINUTES(Math.ceil(seconds / 60));
}

/** What becomes of the copy, as the second sentence of every status. */
export function whatHappensNext(delaySeconds: number | null, isBlind: boolean): string {
  if (delaySeconds === null) return STAYS;
  const clears = CLEARS_IN(delayInWords(delaySeconds));
  return isBlind ? `${clears} ${BLIND}` : clears;
}
