import * as v from 'valibot';
import { plainLine } from '../plain-line.ts';
import type { AdminClient } from './client.ts';
import type { Result } from './errors.ts';

/** A right, everywhere or in one project. */
export type Permission = { permission: string; project: string | null; environment: string | null };

export type Identity =
  | {
      is: 'person';
      id: number;
      /** User name, e-mail or name: the first there is. */
      name: string;
      /** Service accounts (Enterprise) look and act like persons. */
      serviceAccount: boolean;
    }
  /** An admin API token: no person stands behind it, and it can have no PATs. */
  | { is: 'admin-token'; name: string };

export type Who = { identity: Identity; permissions: Permission[] };

const optionalText = v.optional(v.nullable(v.string()));

// `user.secret` (the admin token itself, in clear, on every version) is left out on purpose: it ends here.
const Answer = v.object({
  user: v.object({
    id: v.optional(v.nullable(v.number())),
    username: optionalText,
    email: optionalText,
    name: optionalText,
    accountType: optionalText,
  }),
  permissions: v.optional(
    v.array(v.object({ permission: v.string(), project: optionalText, environment: optionalText })),
  ),
});

/**
 * Who this credential is: a person (session or PAT), or an admin API token. A backend or frontend token fails with
 * `auth.token-kind`, an expired, deleted or foreign one with `auth.token-refused` (Unleash does not say which), a
 * session that has ended with `auth.not-logged-in`, a web page in place of data with `server.not-unleash`.
 */
export async function whoIs(client: AdminClient): Promise<Result<Who>> {
  const answer = await client.call({ method: 'GET', path: '/api/admin/user', answer: Answer });
  if (!answer.ok) return answer;
  const { user, permissions } = answer.value;
  // Whoever may name users there must not write to this terminal.
  const name = plainLine(user.username || user.email || user.name || '');
  const identity: Identity =
    typeof user.id === 'number'
      ? {
          is: 'person',
          id: user.id,
          name: name || `user ${user.id}`,
          serviceAccount: user.accountType === 'Service Account',
        }
      : { is: 'admin-token', name: name || 'admin token' };
  return {
    ok: true,
    value: {
      identity,
      permissions: (permissions ?? []).map((held) => ({
        permission: held.permission,
        project: held.project ?? null,
        environment: held.environment ?? null,
      })),
    },
  };
}
