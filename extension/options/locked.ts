import type { Settings, SettingsInForce } from '../platform/messages.ts';
import { LOCKED } from './words/expiry.ts';

/** What stands beside a setting that an administrator has set; undefined where the user may change it. */
export function lockOf({ managed }: SettingsInForce) {
  return (key: keyof Settings): string | undefined =>
    managed.keys.includes(key) ? LOCKED.one : undefined;
}

/** Whether an administrator has set anything at all. */
export function anyLocked({ managed }: SettingsInForce): boolean {
  const { keys, instances, longestClearSeconds } = managed;
  return keys.length > 0 || instances.length > 0 || longestClearSeconds !== null;
}
