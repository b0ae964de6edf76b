import { describe, expect, test } from 'vitest';
import { readTokenEnds } from '../../extension/background/token-ends.ts';
import { createAdminClient } from '../../shared/unleash/client.ts';

const API_SECRET = `*:development.${'a1'.repeat(28)}`;
const API_TOKEN = {
  secret: API_SECRET,
  tokenName: 'web',
  type: 'client',
  projects: ['*'],
  environment: 'development',
  expiresAt: '2026-12-22T13:05:00.000Z',
  createdAt: '2026-11-03T12:00:00.000Z',
  alias: 'other-secret',
};
const PAT = {
  id: 7,
  description: 'laptop',
  expiresAt: '3026-01-01T00:00:00.000Z',
  createdAt: '2026-11-03T12:00:00.000Z',
  secret: `user:${'b2'.repeat(28)}`,
};

/** The admin API as far as it is asked here, by path. */
function clientOf(answers: Record<string, unknown>) {
  const asked: string[] = [];
  const fetch = async (url: string | URL | Request) => {
    const { pathname } = new URL(String(url));
    asked.push(pathname);
    const answer = answers[pathname];
    return answer === undefined
      ? Response.json({ name: 'NoAccessError', message: 'No' }, { status: 403 })
      : Response.json(answer);
  };
  const client = createAdminClient({
    fetch: fetch as never,
    baseUrl: 'https://unleash.example.com',
    credential: { by: 'session' },
  });
  return { client, asked };
}

describe('the ends of tokens for a page', () => {
  test('hold what its table shows and when each ends, no secret, no key and no id', async () => {
    const { client } = clientOf({
      '/api/admin/api-tokens': { tokens: [API_TOKEN] },
      '/api/admin/user/tokens': { pats: [PAT] },
    });
    const api = await readTokenEnds(client, { of: 'api-tokens', project: null });
    expect(api).toEqual([
      {
        name: 'web',
        kind: 'backend',
        projects: ['*'],
        environment: 'development',
        createdAt: API_TOKEN.createdAt,
        expiresAt: API_TOKEN.expiresAt,
        day: new Date(API_TOKEN.expiresAt).toLocaleDateString(undefined, {
          day: 'numeric',
          month: 'short',
          year: 'numeric',
        }),
      },
    ]);
    const personal = await readTokenEnds(client, { of: 'personal-tokens', project: null });
    expect(personal).toEqual([
      {
        name: 'laptop',
        kind: 'personal',
        projects: [],
        environment: null,
        createdAt: PAT.createdAt,
        expiresAt: null,
        day: null,
      },
    ]);
    expect(JSON.stringify([api, personal])).not.toMatch(/a1a1|b2b2|other-secret/);
  });

  test('are those of one project where its page asks, and none where the user may not read them', async () => {
    const path = '/api/admin/projects/shop/api-tokens';
    const { client, asked } = clientOf({ [path]: { tokens: [API_TOKEN] } });
    expect(await readTokenEnds(client, { of: 'api-tokens', project: 'shop' })).toHaveLength(1);
    expect(await readTokenEnds(client, { of: 'api-tokens', project: null })).toBeNull();
    expect(await readTokenEnds(client, { of: 'personal-tokens', project: null })).toBeNull();
    expect(asked[0]).toBe(path);
  });
});
