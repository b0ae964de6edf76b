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
