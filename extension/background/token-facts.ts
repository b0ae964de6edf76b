import type { TokenRow } from '../platform/messages.ts';

/** What tells a token from the others of its instance and is no secret: it may lie on disk. */
export type TokenFacts = {
  kind: TokenRow['kind'];
  name: string;
  projects: string[];
  environment: string | null;
  createdAt: string | null;
  /** A PAT is known by its id alone, which Unleash never gives to a second one. */
  patId: number | null;
};

export function factsOf(
  row: Pick<TokenRow, 'kind' | 'name' | 'projects' | 'environment' | 'createdAt'>,
  patId: number | null,
): TokenFacts {
  const { kind, name, projects, environment, createdAt } = row;
  return { kind, name, projects: [...projects].sort(), environment, createdAt, patId };
}

/** Whether both may be the same token. Two tokens with equal facts cannot be told apart without their secrets. */
export function sameFacts(one: TokenFacts, other: TokenFacts): boolean {
  if (one.patId !== null || other.patId !== null) return one.patId === other.patId;
  return (
    one.kind === other.kind &&
    one.name === other.name &&
    one.environment === other.environment &&
    one.createdAt === other.createdAt &&
    one.projects.join('\n') === other.projects.join('\n')
  );
}
