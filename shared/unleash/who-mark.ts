import type { Permission } from './who.ts';

/**
 * Who somebody is and what they may do, as one text: the same text, the same form. `id` is Unleash's number of a person;
 * null for whoever has none, of whom nothing can be said.
 */
export function whoMark(id: number | null, permissions: readonly Permission[]): string | null {
  if (id === null) return null;
  return JSON.stringify([
    id,
    permissions.map(({ permission, project, environment }) => [permission, project, environment]),
  ]);
}

/** The same of an answer of `GET /api/admin/user` as it came; null where it is not one. */
export function whoMarkOfAnswer(answer: unknown): string | null {
  const { user, permissions = [] } = (answer ?? {}) as {
    user?: { id?: unknown };
    permissions?: unknown;
  };
  if (typeof user?.id !== 'number' || !Array.isArray(permissions)) return null;
  return whoMark(
    user.id,
    permissions.map((held) => ({
      permission: held?.permission,
      project: held?.project ?? null,
      environment: held?.environment ?? null,
    })),
  );
}
