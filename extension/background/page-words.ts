import type { EndWords, PageWords } from '../platform/messages.ts';
import { language, say, sayCount } from '../platform/say.ts';

/** Filled in with what stands in it, a message comes back as it is. */
const PLACE = '$1';

/** What the features on a page say from their start on. */
export function pageWords(): PageWords {
  return {
    language: say('locale_tag'),
    quickCreate: say('quick_create'),
    whichEnvironment: say('which_environment'),
  };
}

/**
 * What expiry marks say, which count the days from `soonDays` before an end on; the page fills in the date, and what is
 * left as time goes by.
 */
export function endWords(soonDays: number): EndWords {
  return {
    until: say('until_day', PLACE),
    expired: say('expired_on', PLACE),
    expiredAt: say('expired_at', PLACE),
    expiresAt: say('expires_at', PLACE),
    inHours: say('expires_in_hours', PLACE),
    inDays: Array.from({ length: soonDays + 1 }, (_, days) => sayCount('expires_in_days', days)),
    language: language(),
  };
}
