import type { ProfileState } from '../../shared/link/messages.ts';

/** A profile's state in one word; what stands against it first. `trouble` is what its server said last. */
export function stateOf(
  secret: { expiresAt: string | null } | null,
  trouble: ProfileState | undefined,
  now: number,
): ProfileState {
  if (secret === null) return 'waiting-for-secret';
  if (secret.expiresAt !== null && Date.parse(secret.expiresAt) <= now) return 'expired';
  return trouble ?? 'ready';
}
