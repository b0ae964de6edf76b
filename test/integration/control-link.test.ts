import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  fetchStatus,
  handOver,
  pair,
  useProfile,
} from '../../extension/background/proxy-link-exchange.ts';
import { memoryLinkStore } from '../../proxy/control/link-store.ts';
import { LINK_PATHS, requestLine, signRequest } from '../../shared/link/channel.ts';
import { makePairingCode } from '../../shared/link/pairing-code.ts';
import {
  type Answer,
  CHROMIUM,
  type Extension,
  FIREFOX,
  newHandOver,
  type RunningProxy,
  raw,
  startExtension,
  startProxy,
} from './control-fixture.ts';

async function paired(): Promise<{ proxy: RunningProxy; extension: Extension }> {
  const proxy = await startProxy();
  const extension = startExtension(CHROMIUM, proxy.clock);
  expect(await pair(extension, await proxy.pairingCode(), 'Chromium')).toMatchObject({ ok: true });
  extension.wire.sent.length = 0;
  return { proxy, extension };
}

/** Sends again what an extension sent, as a program that heard it would. */
function replay(
  proxy: RunningProxy,
  message: { headers: Record<string, string>; body: string },
  path: string,
  origin = CHROMIUM,
): Promise<Answer> {
  const host = `127.0.0.1:${proxy.port.port}`;
  return raw(
    { port: proxy.port.port },
    'POST',
    path,
    { ...message.headers, host, origin },
    message.body,
  );
}

/** A request made with the extension's real keys. */
async function signedBy(
  extension: Extension,
  path: string,
  value: unknown,
): Promise<{ headers: Record<string, string>; body: string }> {
  const link = extension.stored();
  if (link === null) throw new Error('not paired');
  const line = requestLine(link.id, path, extension.clock.now);
  const { headers, body } = await signRequest(link.keys, line, value);
  return { headers: { ...headers, 'content-type': 'application/json' }, body };
}

const codeOf = (answer: Answer) => answer.headers['x-tokenleash-error'];

describe('a request over the link', () => {
  it('takes a PAT to the store, and nothing readable across the wire', async () => {
    const { proxy, extension } = await paired();
    const pat = newHandOver();
    expect(await handOver(extension, pat)).toEqual({
      state: 'answered',
      control: `127.0.0.1:${proxy.port.port}`,
      answer: { result: 'stored', profile: 'work' },
    });
    expect(proxy.handedOver).toEqual([{ handOver: pat, browser: 'Chromium' }]);
    const wire = JSON.stringify(extension.wire.sent);
    for (const word of [
      pat.secret,
      pat.secret.slice(5),
      'unleash.example.com',
      'grace@example.com',
    ]) {
      expect(wire).not.toContain(word);
    }
    expect(JSON.stringify(proxy.events)).not.toContain(pat.secret);
  });

  it('answers with nothing that a listener could read', async () => {
    const { proxy, extension } = await paired();
    let heard = '';
    extension.wire.alterAnswer = (answer) => {
      heard = answer.body;
    };
    expect(await fetchStatus(extension)).toMatchObject({ state: 'connected' });
    expect(JSON.parse(heard)).toEqual({ sealed: expect.stringMatching(/^[0-9a-f]+$/) });
    expect(proxy.events.filter((event) => event.event === 'refused')).toEqual([]);
  });

  it('names another profile to the proxy, and to nobody else', async () => {
    const { proxy, extension } = await paired();
    expect(await useProfile(extension, 'warehouse')).toMatchObject({
      state: 'answered',
      answer: { result: 'used', profile: 'warehouse' },
    });
    expect(proxy.calls).toEqual(['use-profile warehouse by Chromium']);
    const [sent] = extension.wire.sent;
    expect(JSON.stringify(sent)).not.toContain('warehouse');
    if (sent === undefined) throw new Error('nothing was sent');
    expect(codeOf(await replay(proxy, sent, LINK_PATHS.useProfile))).toBe('link.replay');
    expect(proxy.calls).toHaveLength(1);
  });

  it.each([
    ['', 'no name'],
    ['x'.repeat(64), 'a name that is too long'],
  ])('names no profile with %j: it is %s', async (name) => {
    const { proxy, extension } = await paired();
    expect(await useProfile(extension, name)).toMatchObject({
      state: 'failed',
      code: 'request.shape',
    });
    expect(proxy.calls).toEqual([]);
  });

  it('is refused when it is played again', async () => {
    const { proxy, extension } = await paired();
    await handOver(extension, newHandOver());
    const [sent] = extension.wire.sent;
    if (sent === undefined) throw new Error('nothing was sent');
    for (let time = 0; time < 3; time += 1) {
      const answer = await replay(proxy, sent, LINK_PATHS.handOver);
      expect([answer.status, codeOf(answer)]).toEqual([401, 'link.replay']);
      proxy.clock.now += 60_000;
    }
    expect(proxy.handedOver).toHaveLength(1);
  });

  it('is refused when it is played again after its nonce was forgotten', async () => {
    const { proxy, extension } = await paired();
    await fetchStatus(extension);
    const [sent] = extension.wire.sent;
    if (sent === undefined) throw new Error('nothing was sent');
    proxy.clock.now += 5 * 60_000 + 1;
    extension.clock.now = proxy.clock.now;
    await fetchStatus(extension);
    expect(codeOf(await replay(proxy, sent, LINK_PATHS.status))).toBe('link.clock');
  });

  it('is refused after a reload, and by a proxy that started after it was sent', async () => {
    const links = memoryLinkStore();
    const proxy = await startProxy({ links });
    const extension = startExtension(CHROMIUM, proxy.clock);
    await pair(extension, await proxy.pairingCode(), 'Chromium');
    const message = await signedBy(extension, LINK_PATHS.status, {});
    expect((await replay(proxy, message, LINK_PATHS.status)).status).toBe(200);
    await proxy.local('POST', '/local/reload');
    expect(codeOf(await replay(proxy, message, LINK_PATHS.status))).toBe('link.replay');
    await proxy.port.close();
    const restarted = await startProxy({
      links,
      port: proxy.port.port,
      now: proxy.clock.now + 1000,
    });
    expect(codeOf(await replay(restarted, message, LINK_PATHS.status))).toBe('link.replay');
  });

  it('is refused on another path than the one it was made for', async () => {
    const { proxy, extension } = await paired();
    const message = await signedBy(extension, LINK_PATHS.status, {});
    expect(codeOf(await replay(proxy, message, LINK_PATHS.unpair))).toBe('link.signature');
    expect(await proxy.links.list()).toHaveLength(1);
  });

  it.each(['x-tokenleash-time', 'x-tokenleash-nonce', 'x-tokenleash-signature'])(
    'is refused with another %s',
    async (name) => {
      const { proxy, extension } = await paired();
      const message = await signedBy(extension, LINK_PATHS.status, {});
      const value = message.headers[name] ?? '';
      const last = value.endsWith('1') ? '2' : '1';
      const headers = { ...message.headers, [name]: value.slice(0, -1) + last };
      const answer = await replay(proxy, { ...message, headers }, LINK_PATHS.status);
      expect([answer.status, codeOf(answer)]).toEqual([401, 'link.signature']);
    },
  );

  it('is refused without a signature, or with one of nothing', async () => {
    const { proxy, extension } = await paired();
    const message = await signedBy(extension, LINK_PATHS.status, {});
    for (const signature of [undefined, '', '00'.repeat(32)]) {
      const { 'x-tokenleash-signature': _, ...headers } = message.headers;
      const altered: Record<string, string> =
        signature === undefined ? headers : { ...headers, 'x-tokenleash-signature': signature };
      const answer = await replay(proxy, { ...message, headers: altered }, LINK_PATHS.status);
      expect(codeOf(answer)).toBe('link.signature');
    }
  });

  it('is refused with an altered body', async () => {
    const { proxy, extension } = await paired();
    extension.wire.alterRequest = (request) => {
      const { sealed } = JSON.parse(request.body);
      const flipped = sealed.endsWith('0') ? '1' : '0';
      request.body = JSON.stringify({ sealed: sealed.slice(0, -1) + flipped });
    };
    expect(await handOver(extension, newHandOver())).toMatchObject({ state: 'refused' });
    expect(proxy.handedOver).toEqual([]);
    expect(proxy.events).toContainEqual({
      event: 'refused',
      code: 'link.signature',
      path: LINK_PATHS.handOver,
    });
  });

  it("is refused with another browser's link", async () => {
    const { proxy, extension } = await paired();
    const other = startExtension(FIREFOX, proxy.clock);
    await pair(other, await proxy.pairingCode(), 'Firefox');
    const message = await signedBy(extension, LINK_PATHS.status, {});
    const otherId = { 'x-tokenleash-link': other.stored()?.id ?? '' };
    const headers = { ...message.headers, ...otherId };
    const borrowed = await replay(proxy, { ...message, headers }, LINK_PATHS.status, FIREFOX);
    expect(codeOf(borrowed)).toBe('link.signature');
    // Its own link, but from the other's origin.
    const moved = await replay(proxy, message, LINK_PATHS.status, FIREFOX);
    expect(codeOf(moved)).toBe('link.unknown');
  });

  it.each([-300_001, 300_001])(
    'is refused when its clock is %i ms off, and says so',
    async (skew) => {
      const { proxy, extension } = await paired();
      proxy.clock.now += 600_000;
      extension.clock.now = proxy.clock.now + skew;
      expect(await fetchStatus(extension)).toMatchObject({
        state: 'failed',
        code: 'link.clock',
        message: expect.stringContaining('5 min'),
      });
    },
  );

  it.each([-300_000, 300_000])('is taken when its clock is %i ms off', async (skew) => {
    const { proxy, extension } = await paired();
    proxy.clock.now += 600_000;
    extension.clock.now = proxy.clock.now + skew;
    expect(await fetchStatus(extension)).toMatchObject({ state: 'connected' });
  });

  it.each([
    ['a secret with a newline', { secret: `user:${'a'.repeat(20)}\n` }],
    ['no secret', { secret: '' }],
    ['an origin that is no URL', { origin: 'javascript:x' }],
    ['an id that is no number', { id: '7' }],
  ])('hands over nothing with %s', async (_, wrong) => {
    const { proxy, extension } = await paired();
    const value = { ...newHandOver(), ...wrong } as ReturnType<typeof newHandOver>;
    expect(await handOver(extension, value)).toMatchObject({
      state: 'failed',
      code: 'request.shape',
    });
    expect(proxy.handedOver).toEqual([]);
  });

  it('keeps a crashed hand-over out of answer and log', async () => {
    const { proxy, extension } = await paired();
    const pat = newHandOver();
    proxy.context.handOver = () => Promise.reject(new Error(`could not keep ${pat.secret}`));
    const result = await handOver(extension, pat);
    expect(result).toMatchObject({ state: 'failed', code: 'control.failed' });
    expect(JSON.stringify([result, proxy.events])).not.toContain(pat.secret);
  });
});

describe('an answer over the link', () => {
  it.each<[string, (answer: { status: number; headers: Headers; body: string }) => void]>([
    [
      'an altered body',
      (answer) => {
        answer.body = answer.body.replace(/.(?="})/, (digit) => (digit === '0' ? '1' : '0'));
      },
    ],
    [
      'another status',
      (answer) => {
        answer.status = 201;
      },
    ],
    ['no signature', (answer) => answer.headers.delete('x-tokenleash-signature')],
    ['another time', (answer) => answer.headers.set('x-tokenleash-time', '1')],
    [
      'a body in clear',
      (answer) => {
        answer.body = JSON.stringify({ result: 'stored', profile: 'work' });
      },
    ],
  ])('is not believed with %s', async (_, alter) => {
    const { extension } = await paired();
    extension.wire.alterAnswer = alter;
    expect(await handOver(extension, newHandOver())).toMatchObject({
      state: 'refused',
      message: expect.stringMatching(
        /^Something else answers on 127\.0\.0\.1:\d+\. Nothing secret/,
      ),
    });
  });

  it('is not believed when it answers another request', async () => {
    const { extension } = await paired();
    let first: { headers: Headers; body: string } | null = null;
    extension.wire.alterAnswer = (answer) => {
      if (first === null) first = { ...answer };
      else Object.assign(answer, first);
    };
    expect(await fetchStatus(extension)).toMatchObject({ state: 'connected' });
    expect(await fetchStatus(extension)).toMatchObject({ state: 'refused' });
  });
});

/** Another program on the port: it lets every extension in, notes every byte, and answers what it likes. */
async function squat(port: number, answer: () => string = () => '{}') {
  let heard = '';
  const server = createServer((request, response) => {
    heard += `${request.method} ${request.url}\n${request.rawHeaders.join('\n')}\n`;
    request.on('data', (chunk) => {
      heard += chunk;
    });
    request.on('end', () => {
      const origin = request.headers.origin ?? '*';
      const asked = request.headers['access-control-request-headers'] ?? '';
      response.writeHead(request.method === 'OPTIONS' ? 204 : 200, {
        'access-control-allow-origin': origin,
        'access-control-allow-headers': asked.split(',').join(', '),
        'content-type': 'application/json',
      });
      response.end(request.method === 'OPTIONS' ? undefined : answer());
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}

describe('another program on the port', () => {
  it.each([
    '{}',
    'not json',
    JSON.stringify({
      version: 1,
      link: 'a'.repeat(32),
      publicKey: `04${'b'.repeat(128)}`,
      proof: 'c'.repeat(64),
    }),
  ])('learns no code and pairs nobody before pairing, whatever it answers', async (lie) => {
    const squatter = await squat(0, () => lie);
    const extension = startExtension(CHROMIUM, { now: Date.now() });
    const code = makePairingCode(squatter.port);
    expect(await pair(extension, code, 'Chromium')).toMatchObject({
      ok: false,
      code: 'link.stranger',
      message: expect.stringContaining('It did not learn the code.'),
    });
    expect(extension.stored()).toBeNull();
    expect(squatter.heard()).toContain('"proof"');
    const heard = squatter.heard().toUpperCase();
    for (const part of [code, code.replaceAll('-', ''), ...code.split('-').slice(1)]) {
      // A group of four hex digits could stand in a key by chance; one with other letters could not.
      if (part.length > 4 || /[G-Z]/.test(part)) expect(heard).not.toContain(part);
    }
  });

  it('learns nothing from a hand-over after pairing, and is found out', async () => {
    const { proxy, extension } = await paired();
    await proxy.port.close();
    const squatter = await squat(proxy.port.port, () =>
      JSON.stringify({ result: 'stored', profile: 'work' }),
    );
    const pat = newHandOver();
    for (const result of [await fetchStatus(extension), await handOver(extension, pat)]) {
      expect(result).toMatchObject({
        state: 'refused',
        message: expect.stringContaining(`Something else answers on 127.0.0.1:${squatter.port}.`),
      });
    }
    expect(squatter.heard()).toContain('"sealed"');
    for (const word of [pat.secret, pat.secret.slice(5), pat.owner, pat.origin, 'expiresAt']) {
      expect(squatter.heard()).not.toContain(word);
    }
  });

  it('cannot bring in later, to a proxy that has started again, what it kept back', async () => {
    const links = memoryLinkStore();
    const before = await startProxy({ links });
    const extension = startExtension(CHROMIUM, before.clock);
    await pair(extension, await before.pairingCode(), 'Chromium');
    await before.port.close();
    await squat(before.port.port);
    await handOver(extension, newHandOver());
    const kept = extension.wire.sent.at(-1);
    if (kept === undefined) throw new Error('nothing was sent');
    const after = await startProxy({ links, now: before.clock.now + 5000 });
    expect(codeOf(await replay(after, kept, LINK_PATHS.handOver))).toBe('link.replay');
    expect(after.handedOver).toEqual([]);
  });

  it('is told apart from nobody', async () => {
    const { proxy, extension } = await paired();
    await proxy.port.close();
    expect(await fetchStatus(extension)).toMatchObject({
      state: 'unreachable',
      message: expect.stringContaining('Start the proxy: tokenleash start.'),
    });
  });
});
