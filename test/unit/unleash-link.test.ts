import { expect, test } from 'vitest';
import { createUnleashLink } from '../../extension/background/unleash-link.ts';

const INSTANCE = {
  id: 'https://unleash.example.com',
  origin: 'https://unleash.example.com',
  basePath: '',
  name: 'unleash.example.com',
};
const NOW = Date.UTC(2026, 10, 25);
const DAY_MS = 86_400_000;

/** The methods of the calls that creating a PAT brings about, with a server that was read at `readAt`. */
async function callsOf(readAt: number): Promise<string[]> {
  const calls: string[] = [];
  const kept = { at: readAt, server: { identity: { name: 'maria' } } };
  const link = createUnleashLink({
    fetch: (async (_url: string, init?: RequestInit) => {
      calls.push(init?.method ?? 'GET');
      throw new TypeError('offline');
    }) as typeof fetch,
    session: { read: async () => kept, write: async () => undefined } as never,
    now: () => NOW,
  });
  const token = { kind: 'personal', name: 'ci', projects: [], environment: '' } as const;
  await link.create(INSTANCE, { ...token, projects: [], expiresAt: null });
  return calls;
}

test('what a server said of itself serves for a while, so that creating is one call', async () => {
  expect(await callsOf(NOW - 1000)).toEqual(['POST']);
});

test('with a clock that was set back by a day it is asked again', async () => {
  expect(await callsOf(NOW + DAY_MS)).not.toContain('POST');
  expect(await callsOf(NOW + DAY_MS)).toContain('GET');
});

const SELECTOR = 'k'.repeat(22);
const SECRET = `default:production.v2_${SELECTOR}_${'s'.repeat(43)}`;

/** What is found of a secret where the lists at these paths can be read. */
async function foundBy(secret: string, readable: readonly string[]) {
  const secure = { secret: SELECTOR, tokenName: 'web shop', type: 'frontend', secure: true };
  const plain = { secret: PLAIN, tokenName: 'old', type: 'client' };
  const place = { projects: ['default'], environment: 'production' };
  const link = createUnleashLink({
    fetch: (async (url: string) =>
      readable.includes(new URL(url).pathname)
        ? Response.json({
            tokens: [
              { ...plain, ...place },
              { ...secure, ...place },
            ],
          })
        : Response.json({ name: 'PermissionError', permissions: [] }, { status: 403 })) as never,
    session: {} as never,
    now: () => NOW,
  });
  return (await link.apiToken(INSTANCE, secret))?.name;
}
const PLAIN = `default:production.${'a'.repeat(56)}`;
const EVERYWHERE = '/api/admin/api-tokens';
const IN_PROJECT = '/api/admin/projects/default/api-tokens';

test.each([
  ['by its selector', SECRET, [EVERYWHERE], 'web shop'],
  ['by itself where it is stored in clear', PLAIN, [EVERYWHERE], 'old'],
  ['in its project where no more may be read', SECRET, [IN_PROJECT], 'web shop'],
  ['not where its project may not be read', SECRET, [], undefined],
  ['not where it is of several projects', SECRET.replace('default', '[]'), [IN_PROJECT], undefined],
  ['not as a PAT', `user:v2_${SELECTOR}_${'s'.repeat(43)}`, [EVERYWHERE], undefined],
])('an API token is found %s', async (_, secret, readable, name) => {
  expect(await foundBy(secret, readable)).toBe(name);
});
