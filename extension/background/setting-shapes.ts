import * as v from 'valibot';
import type { Settings } from '../platform/messages.ts';

/** The delays that can be chosen, in seconds, shortest first; `null` besides them is "never". */
export const CLEAR_DELAYS = [10, 20, 30, 60, 120, 300] as const;

const text = v.pipe(v.string(), v.maxLength(10_000));

/** What each setting may be, wherever it comes from: a message, the disk, an administrator. */
export const SETTING_SHAPES = {
  clearAfterSeconds: v.nullable(v.picklist(CLEAR_DELAYS)),
  pageSecureCopy: v.boolean(),
  pageShownOnce: v.boolean(),
  pageQuickCreate: v.boolean(),
  pageExpiryMarks: v.boolean(),
  pageFlagShortcut: v.boolean(),
  expiryBadge: v.boolean(),
  expiryNotifications: v.boolean(),
  expiryMuted: v.pipe(v.array(text), v.maxLength(1_000)),
  expiryDays: v.picklist([3, 7, 14, 30]),
  theme: v.picklist(['system', 'light', 'dark']),
} satisfies { [K in keyof Settings]: v.GenericSchema<unknown, Settings[K]> };

/**
 * Of `values`, the settings that we know and understand. A setting of another version of the extension, or one that was
 * damaged on the disk, is left out, so that its default holds and the others stay.
 */
export function readableSettings(values: unknown): Partial<Settings> {
  if (typeof values !== 'object' || values === null) return {};
  const known = Object.entries(SETTING_SHAPES).flatMap(([key, shape]) => {
    if (!Object.hasOwn(values, key)) return [];
    const read = v.safeParse(shape, (values as Record<string, unknown>)[key]);
    return read.success ? [[key, read.output]] : [];
  });
  return Object.fromEntries(known) as Partial<Settings>;
}
