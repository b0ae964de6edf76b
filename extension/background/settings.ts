import type { Settings, SettingsInForce } from '../platform/messages.ts';
import { createQueue, type InTurn } from '../platform/serial.ts';
import type { Store } from '../platform/store.ts';
import { boundedDelay, type Policy } from './managed-policy.ts';
import { CLEAR_DELAYS, readableSettings } from './setting-shapes.ts';

export const SETTINGS_KEY = 'settings';

const DEFAULT_SETTINGS: Settings = {
  clearAfterSeconds: 30,
  pageSecureCopy: true,
  pageShownOnce: true,
  pageQuickCreate: true,
  pageExpiryMarks: true,
  pageFlagShortcut: true,
  expiryBadge: true,
  expiryNotifications: false,
  expiryMuted: [],
  expiryDays: 7,
  theme: 'system',
};

export type SettingsParts = {
  local: Store;
  /** What an administrator has set. */
  policy(): Promise<Policy>;
};

export type SettingsKeeper = {
  /** The settings in force: an administrator's, else the user's, else the defaults. */
  read(): Promise<SettingsInForce>;
  /** Changes what is named and keeps the rest; gives all that are in force then. */
  write(changes: Partial<Settings>): Promise<SettingsInForce>;
  /** Does this while nobody else writes them. None of the writers here may be called within: it would wait for ever. */
  alone: InTurn;
};

/** What the user and an administrator have set. */
export function createSettings({ local, policy }: SettingsParts): SettingsKeeper {
  const inTurn = createQueue();

  async function read(): Promise<SettingsInForce> {
    const [kept, { settings: set, clearAfterSecondsMax, instances }] = await Promise.all([
      local.read(SETTINGS_KEY),
      policy(),
    ]);
    const settings = { ...DEFAULT_SETTINGS, ...readableSettings(kept), ...set };
    const keys = Object.keys(set) as (keyof Settings)[];
    // A bound that leaves one delay leaves nothing to choose.
    const [, second] = CLEAR_DELAYS;
    if (clearAfterSecondsMax !== null && clearAfterSecondsMax < second)
      keys.push('clearAfterSeconds');
    return {
      ...settings,
      clearAfterSeconds: boundedDelay(settings.clearAfterSeconds, clearAfterSecondsMax),
      managed: { keys, longestClearSeconds: clearAfterSecondsMax, instances },
    };
  }

  return {
    read,
    alone: inTurn,
    write: (changes) =>
      inTurn(async () => {
        const kept = await local.read(SETTINGS_KEY);
        // Settings of a later version, which this one does not know, stay where they are.
        const before = typeof kept === 'object' && kept !== null ? kept : {};
        await local.write(SETTINGS_KEY, { ...before, ...changes });
        return read();
      }),
  };
}
