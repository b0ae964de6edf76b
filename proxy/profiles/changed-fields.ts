import { profileRecord } from './config-file.ts';
import type { Profile } from './profile.ts';

/** What differs between two states of a profile, in the words of config.yaml; null for what is no longer there. */
export function changedFields(
  before: Profile,
  after: Profile,
): Record<string, string | boolean | null> {
  const old = profileRecord(before);
  const fresh = profileRecord(after);
  const changed: Record<string, string | boolean | null> = {};
  for (const field of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
    const value = fresh[field];
    // Rules are lists; they have commands of their own, and none of these states changes them.
    if (value === old[field] || typeof (value ?? old[field]) === 'object') continue;
    changed[field] = typeof value === 'string' || typeof value === 'boolean' ? value : null;
  }
  return changed;
}
