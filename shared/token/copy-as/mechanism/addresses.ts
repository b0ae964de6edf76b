import type { CopyParts } from './copy-format.ts';

type Address = Pick<CopyParts, 'kind' | 'baseUrl'>;

/** The address that a program is given together with the token: SDKs want their API's, tools of the admin API the base. */
export function programUrl({ kind, baseUrl }: Address): string {
  if (kind === 'backend') return `${baseUrl}/api`;
  if (kind === 'frontend') return `${baseUrl}/api/frontend`;
  return baseUrl;
}

/** An address that answers 200 to this token, to try it with. */
export function tryUrl({ kind, baseUrl }: Address): string {
  if (kind === 'backend') return `${baseUrl}/api/client/features`;
  if (kind === 'frontend') return `${baseUrl}/api/frontend`;
  return `${baseUrl}/api/admin/projects`;
}

/**
 * The variables of a program's environment, by the names that real clients read: for backend and frontend tokens those
 * of `@unleash/nextjs` and its command line, for the admin API those of Terraform's provider and of `tokenleash env`.
 */
export function variableNames({ kind }: Pick<CopyParts, 'kind'>): { url: string; token: string } {
  if (kind === 'backend') {
    return { url: 'UNLEASH_SERVER_API_URL', token: 'UNLEASH_SERVER_API_TOKEN' };
  }
  if (kind === 'frontend') {
    return { url: 'UNLEASH_FRONTEND_API_URL', token: 'UNLEASH_FRONTEND_API_TOKEN' };
  }
  return { url: 'UNLEASH_URL', token: 'UNLEASH_AUTH_TOKEN' };
}

/** What stands above a token in source code. */
export const NOT_IN_GIT =
  'For a first try. Then read the token from the environment, so that it is in no repository.';
