import * as v from 'valibot';
import type { AdminClient } from './client.ts';
import type { Result } from './errors.ts';
import { type Identity, type Permission, whoIs } from './who.ts';

/**
 * What this server can do. Every difference between versions of Unleash that matters to us is decided here, from what
 * the server says of itself, and nowhere else.
 */
export type ServerFeatures = {
  /** The property that carries an API token's name: `username` before 5.1. */
  apiTokenNameField: 'username' | 'tokenName';
  /** Admin API tokens can be made: until 6.6, unless its kill switch is on. */
  adminApiTokens: boolean;
  /** `/api/admin/projects/:id/api-tokens` is there: since 4.21. */
  projectApiTokens: boolean;
  /** Rights are apart for backend and frontend tokens: since 5.2. */
  rightsPerKind: boolean;
  /** PATs can be made: not with the kill switch on, nor with AUTH_TYPE=none, where nobody is anybody. */
  pats: boolean;
  /** New API tokens are shown once, and lists hold a selector in place of the secret: 8.1 with secureTokenStorage. */
  secureApiTokens: boolean;
};

export type Server = {
  /** E.g. `8.2.0`; '' where the server does not say. */
  version: string;
  features: ServerFeatures;
  /** Unleash's limit on API tokens, or null where it names none. */
  apiTokenLimit: number | null;
  /** Who we are to it. */
  identity: Identity;
  /** ADMIN is among the rights. */
  isAdmin: boolean;
  permissions: Permission[];
  /** Name of the root role, e.g. `Editor`, or null where it cannot be seen. */
  role: string | null;
};

const UiConfig = v.object({
  version: v.optional(v.string()),
  versionInfo: v.optional(
    v.object({
      current: v.optional(
        v.object({ oss: v.optional(v.string()), enterprise: v.optional(v.string()) }),
      ),
    }),
  ),
  authenticationType: v.optional(v.nullable(v.string())),
  flags: v.optional(v.record(v.string(), v.unknown())),
  resourceLimits: v.optional(v.object({ apiTokens: v.optional(v.number()) })),
});

/** Of `GET /api/admin/ui-config`, what matters to us. */
export type UiConfig = v.InferOutput<typeof UiConfig>;

const OpenApi = v.object({
  info: v.optional(v.object({ version: v.optional(v.string()) })),
});

const Profile = v.object({
  rootRole: v.optional(v.nullable(v.object({ name: v.optional(v.string()) }))),
});

/**
 * Who we are and what this server can do: three calls at once. Fails with `auth.*` or `server.*`; a role that cannot
 * be seen is no failure.
 */
export async function readServer(client: AdminClient): Promise<Result<Server>> {
  const [who, config, profile] = await Promise.all([
    whoIs(client),
    client.call({ method: 'GET', path: '/api/admin/ui-config', answer: UiConfig }),
    client.call({ method: 'GET', path: '/api/admin/user/profile', answer: Profile }),
  ]);
  if (!who.ok) return who;
  if (!config.ok) return config;
  const version = versionOf(config.value) || (await versionByOpenApi(client));
  const { identity, permissions } = who.value;
  return {
    ok: true,
    value: {
      version,
      features: featuresOf(version, config.value, identity),
      apiTokenLimit: config.value.resourceLimits?.apiTokens ?? null,
      identity,
      permissions,
      isAdmin: permissions.some((held) => held.permission === 'ADMIN'),
      role: profile.ok ? (profile.value.rootRole?.name ?? null) : null,
    },
  };
}

function versionOf(config: UiConfig): string {
  const current = config.versionInfo?.current;
  const said = [config.version, current?.enterprise, current?.oss];
  return said.find((version) => version !== undefined && numbersOf(version) !== null) ?? '';
}

/** A build without a version in its configuration may still have one in its OpenAPI (on by default since 5.2). */
async function versionByOpenApi(client: AdminClient): Promise<string> {
  const api = await client.call({ method: 'GET', path: '/docs/openapi.json', answer: OpenApi });
  const version = api.ok ? api.value.info?.version : undefined;
  return version !== undefined && numbersOf(version) !== null ? version : '';
}

function numbersOf(version: string): [number, number] | null {
  const match = /^v?(\d{1,4})\.(\d{1,4})/.exec(version);
  if (!match) return null;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  // Forks and development builds call themselves 0.0.0.
  return major === 0 ? null : [major, minor];
}

/** Whether a version is at least this one. One that cannot be read is taken for the newest. */
function since(version: string, major: number, minor: number): boolean {
  const numbers = numbersOf(version);
  if (numbers === null) return true;
  return numbers[0] !== major ? numbers[0] > major : numbers[1] >= minor;
}

/** The one table of versions: what a server of this version, with this configuration, can do for this caller. */
export function featuresOf(
  version: string,
  config: Pick<UiConfig, 'flags' | 'authenticationType'>,
  identity: Identity,
): ServerFeatures {
  const flags = config.flags ?? {};
  return {
    apiTokenNameField: since(version, 5, 1) ? 'tokenName' : 'username',
    adminApiTokens: !since(version, 6, 6) && flags.adminTokenKillSwitch !== true,
    projectApiTokens: since(version, 4, 21),
    rightsPerKind: since(version, 5, 2),
    pats:
      flags.personalAccessTokensKillSwitch !== true &&
      config.authenticationType !== 'none' &&
      identity.is === 'person',
    secureApiTokens: flags.secureTokenStorage === true,
  };
}
