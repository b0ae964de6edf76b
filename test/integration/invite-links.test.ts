import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PortUnderTest, startPort } from '../conformance/kit/port.ts';
import { startUnleash, type Unleash } from '../real-unleash/index.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';

const DAY_MS = 86_400_000;

describe.each<[string, [method: string, path: string][]]>([
  [
    '8.2.0',
    [
      ['GET', '/api/admin/events'],
      ['GET', '/api/admin/search/events?limit=1000'],
    ],
  ],
  [
    '6.10.1',
    [
      ['GET', '/api/admin/events'],
      ['POST', '/api/admin/events/search'],
    ],
  ],
])('the event log of %s', (version, reads) => {
  let own: Unleash | undefined;
  let proxy: PortUnderTest;
  let invite: { secret: string; name: string };

  beforeAll(async () => {
    const unleash = version === '8.2.0' ? sharedUnleash() : await startUnleash({ version });
    if ('stop' in unleash) own = unleash as Unleash;
    const { secret } = await unleash.createPat(`invites-${process.pid}-${Date.now()}`);
    // What may pass packed must not be a way around.
    const profile = { compression: 'pass' as const };
    proxy = await startPort({ upstream: unleash.url, pat: secret, profile });
    const made = await fetch(`${unleash.url}/api/admin/invite-link/tokens`, {
      method: 'POST',
      headers: { authorization: secret, 'content-type': 'application/json' },
      body: JSON.stringify({
        name: `invite-${process.pid}-${Date.now()}`,
        expiresAt: new Date(Date.now() + DAY_MS).toISOString(),
      }),
    });
    expect(made.status).toBe(201);
    invite = (await made.json()) as typeof invite;
  });
  afterAll(async () => {
    await proxy.dataPort.close();
    await own?.stop();
  });

  const read = async (token: string, method: string, path: string) => {
    const answer = await fetch(proxy.url + path, {
      method,
      headers: { authorization: token, 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: '{}' } : {}),
    });
    expect(answer.status).toBe(200);
    return answer.text();
  };

  test.each(reads)(
    'by %s %s shows invite links to a client that may mint, and no other',
    async (method, path) => {
      const reader = proxy.addClient('reader', { access: 'read' });
      const minter = proxy.addClient('minter', { mint: true });
      const hidden = await read(reader, method, path);
      // The event is there; what it could be used for is not.
      expect(hidden).toContain(invite.name);
      expect(hidden).not.toContain(invite.secret);
      expect(JSON.parse(hidden)).toHaveProperty('events');
      expect(await read(minter, method, path)).toContain(invite.secret);
    },
  );
});
