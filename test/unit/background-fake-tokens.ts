import type { Fetch } from '../../shared/unleash/client.ts';

export type FakeToken = {
  secret: string;
  tokenName: string;
  type: string;
  projects: string[];
  environment: string;
  expiresAt: string | null;
  createdAt: string;
  seenAt: string | null;
  secure?: boolean;
};

export type FakePat = { id: number; description: string; expiresAt: string; createdAt: string };

/**
 * The admin API as far as a list of tokens needs it, which can be made to fail. Strict: a path or method that Unleash
 * does not have ends in an exception of the test.
 */
export function fakeUnleash(base: string) {
  const state = {
    tokens: [] as FakeToken[],
    pats: [] as FakePat[],
    permissions: [{ permission: 'ADMIN' }] as { permission: string; project?: string }[],
    version: '8.2.0',
    loggedIn: true,
    offline: false,
    /** Paths that are forbidden whatever the rights say. */
    forbids: (_method: string, _path: string): boolean => false,
    /** Awaited before each DELETE is done. */
    beforeDelete: async (): Promise<void> => undefined,
    /** Every call that changes something: method and path. */
    changes: [] as string[],
  };
  const json = (value: unknown, status = 200) =>
    new Response(JSON.stringify(value), {
      status,
      headers: { 'content-type': 'application/json' },
    });
  const forbidden = () =>
    json({ name: 'PermissionError', message: 'no', permissions: ['DELETE_CLIENT_API_TOKEN'] }, 403);

  const fetch: Fetch = async (url, init) => {
    if (state.offline) throw new TypeError('Failed to fetch');
    const { pathname } = new URL(url);
    const prefix = new URL(base).pathname.replace(/\/$/, '');
    const path = decodeURIComponent(pathname.slice(prefix.length));
    const method = init.method ?? 'GET';
    if (!state.loggedIn) return json({ name: 'AuthenticationRequired', type: 'password' }, 401);
    if (state.forbids(method, path)) return forbidden();
    if (method !== 'GET') state.changes.push(`${method} ${path}`);
    if (path === '/api/admin/user')
      return json({ user: { id: 1, username: 'ada' }, permissions: state.permissions });
    if (path === '/api/admin/user/profile') return json({ rootRole: { name: 'Any' } });
    if (path === '/api/admin/ui-config') return json({ version: state.version, flags: {} });
    if (path === '/api/admin/projects')
      return json({ projects: [{ id: 'default', name: 'Default' }] });
    if (path === '/api/admin/user/tokens') return json({ pats: state.pats });
    if (path === '/api/admin/api-tokens') return json({ tokens: state.tokens });
    const inProject = /^\/api\/admin\/projects\/([^/]+)\/api-tokens$/.exec(path);
    if (inProject)
      return json({
        tokens: state.tokens.filter((one) => one.projects.includes(inProject[1] ?? '')),
      });
    const pat = /^\/api\/admin\/user\/tokens\/(\d+)$/.exec(path);
    if (pat && method === 'DELETE') {
      await state.beforeDelete();
      state.pats = state.pats.filter(({ id }) => id !== Number(pat[1]));
      return new Response(null, { status: 200 });
    }
    const one = /^\/api\/admin\/(?:projects\/[^/]+\/)?api-tokens\/(.+)$/.exec(path)?.[1];
    if (one !== undefined && method === 'DELETE') {
      await state.beforeDelete();
      state.tokens = state.tokens.filter(({ secret }) => secret !== one);
      return new Response(null, { status: 200 });
    }
    if (one !== undefined && method === 'PUT') {
      const { expiresAt } = JSON.parse(String(init.body));
      state.tokens = state.tokens.map((token) =>
        token.secret === one ? { ...token, expiresAt } : token,
      );
      return new Response(null, { status: 200 });
    }
    throw new Error(`Unleash has no ${method} ${path}`);
  };
  return { fetch, state };
}

let made = 0;

/** A backend token of its own secret. */
export function fakeToken(part: Partial<FakeToken> & { tokenName: string }): FakeToken {
  made += 1;
  return {
    secret: `default:production.${made.toString(16).padStart(56, 'a')}`,
    type: 'client',
    projects: ['default'],
    environment: 'production',
    expiresAt: null,
    createdAt: new Date(1_700_000_000_000 + made * 1000).toISOString(),
    seenAt: null,
    ...part,
  };
}
