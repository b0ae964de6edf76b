import * as v from 'valibot';
import type { Settings } from '../platform/messages.ts';
import { instanceOf } from './instances.ts';
import { CLEAR_DELAYS, readableSettings } from './setting-shapes.ts';

/** What an administrator may set, by the names of `extension/public/managed-schema.json`. */
export const POLICY_KEYS = [
  'instances',
  'clearAfterSecondsMax',
  'pageSecureCopy',
  'pageShownOnce',
  'pageQuickCreate',
  'pageExpiryMarks',
  'pageFlagShortcut',
  'expiryBadge',
  'expiryNotifications',
  'expiryDays',
] as const;

export type Policy = {
  settings: Partial<Settings>;
  /** Whole seconds; null where there is no bound. */
  clearAfterSecondsMax: number | null;
  /** Base URLs, without a trailing slash. */
  instances: string[];
};

const Bound = v.pipe(v.number(), v.minValue(CLEAR_DELAYS[0]));
const Address = v.pipe(v.string(), v.maxLength(2_000), v.regex(/^https?:\/\//i), v.url());

/**
 * An administrator's policy as the browser gives it. Firefox checks none of it, so that every part is looked at by
 * itself: one that is wrong is as if it were not there, and the rest holds.
 */
export function readPolicy(values: Record<string, unknown>): Policy {
  const bound = v.safeParse(Bound, values.clearAfterSecondsMax);
  const addresses = Array.isArray(values.instances) ? values.instances : [];
  const { clearAfterSeconds, expiryMuted, theme, ...settings } = readableSettings(values);
  return {
    settings,
    clearAfterSecondsMax: bound.success ? bound.output : null,
    instances: [
      ...new Set(
        addresses
          .filter((address): address is string => v.is(Address, address))
          .map((address) => instanceOf(address).id),
      ),
    ],
  };
}

/** The delay that holds under a bound: the user's where it may be, else the longest that may. */
export function boundedDelay(
  chosen: Settings['clearAfterSeconds'],
  bound: number | null,
): Settings['clearAfterSeconds'] {
  if (bound === null || (chosen !== null && chosen <= bound)) return chosen;
  return CLEAR_DELAYS.findLast((delay) => delay <= bound) ?? CLEAR_DELAYS[0];
}
