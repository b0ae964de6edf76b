export type OperationEffect = 'read' | 'write' | 'mint';

/** What of Unleash's own things an operation may name. */
export const NAMED_SUBJECTS = ['project', 'environment', 'flag'] as const;

export type NamedSubject = (typeof NAMED_SUBJECTS)[number];

/**
 * Where an operation names a project, an environment or a flag.
 * - `path`: in this segment of the path, counted from 0 after its first slash
 * - `body`: at this place of the JSON body; `*` stands for every element of a list. One that is not `optional` has to
 *   be there: without it, the request may concern any.
 * - `all`: it concerns all of them, or one that it does not name
 * - `all-with-body`: it concerns all of them where the body has something at this place
 */
export type NamingPlace =
  | { in: 'path'; segment: number }
  | { in: 'body'; pointer: readonly string[]; optional: boolean }
  | { in: 'all' }
  | { in: 'all-with-body'; pointer: readonly string[] };

/** One call of the admin API by meaning. */
export type Operation = {
  /** Unleash's operationId, e.g. `toggleFeatureEnvironmentOn`. */
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As in the OpenAPI, without base path: `/api/admin/projects/{projectId}`. */
  path: string;
  tags: readonly string[];
  effect: OperationEffect;
  /** Where it names what; it does not concern what is left out. */
  names: Partial<Record<NamedSubject, readonly NamingPlace[]>>;
};
