import { describe, expect, it } from 'vitest';
import {
  fetchStatus,
  handOver,
  pair,
  unpair,
} from '../../extension/background/proxy-link-exchange.ts';
import type { LocalLinks } from '../../proxy/control/context.ts';
import { memoryLinkStore } from '../../proxy/control/link-store.ts';
import { beginPairing } from '../../shared/link/pairing.ts';
import { makePairingCode, readPairingCode } from '../../shared/link/pairing-code.ts';
import {
  CHROMIUM,
  FIREFOX,
  newHandOver,
  raw,
  STATUS,
  startExtension,
  startProxy,
} from './control-fixture.ts';

async function pairedBrowsers(proxy: Awaited<ReturnType<typeof startProxy>>) {
  return ((await proxy.local('GET', '/local/links')).json as LocalLinks).links;
}

describe('pairing', () => {
  it('links a browser whose user pastes the code, and shows it by name', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    const code = await proxy.pairingCode();

    expect(await pair(extension, code, 'Chromium')).toEqual({
      ok: true,
      control: `127.0.0.1:${proxy.port.port}`,
    });
    expect(await fetchStatus(extension)).toMatchObject({ state: 'connected', status: STATUS });
    expect(await pairedBrowsers(proxy)).toMatchObject([{ name: 'Chromium', origin: CHROMIUM }]);
    expect(proxy.events).toContainEqual({ event: 'paired', browser: 'Chromium', origin: CHROMIUM });
  });

  it('takes the code in small letters, with spaces, and with o and l for 0 and 1', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    const code = (await proxy.pairingCode()).toLowerCase();
    const typed = ` ${code.replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}\n`;
    expect(await pair(extension, typed, 'Chromium')).toMatchObject({ ok: true });
  });

  it('refuses a wrong code, and takes the right one after it', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    const code = await proxy.pairingCode();
    const wrong = makePairingCode(proxy.port.port);
    expect(await pair(extension, wrong, 'Chromium')).toMatchObject({ code: 'link.code_wrong' });
    expect(extension.stored()).toBeNull();
    expect(await pairedBrowsers(proxy)).toEqual([]);
    expect(await pair(extension, code, 'Chromium')).toMatchObject({ ok: true });
  });

  it('is over at the sixth try, though the code be right', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    const code = await proxy.pairingCode();
    for (let tries = 0; tries < 5; tries += 1) {
      const wrong = makePairingCode(proxy.port.port);
      expect(await pair(extension, wrong, 'Chromium')).toMatchObject({ code: 'link.code_wrong' });
    }
    expect(await pair(extension, code, 'Chromium')).toMatchObject({ code: 'link.tries' });
    expect(await pairedBrowsers(proxy)).toEqual([]);
  });

  it('counts tries that are sent side by side', async () => {
    const proxy = await startProxy();
    await proxy.pairingCode();
    const tries = await Promise.all(
      Array.from({ length: 20 }, () =>
        pair(startExtension(CHROMIUM, proxy.clock), makePairingCode(proxy.port.port), 'Chromium'),
      ),
    );
    const codes = tries.map((result) => (result.ok ? 'ok' : result.code));
    expect(codes.filter((code) => code === 'link.code_wrong')).toHaveLength(5);
    expect(codes.filter((code) => code === 'link.tries')).toHaveLength(15);
  });

  it('takes the fifth try', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    const code = await proxy.pairingCode();
    for (let tries = 0; tries < 4; tries += 1) {
      await pair(extension, makePairingCode(proxy.port.port), 'Chromium');
    }
    expect(await pair(extension, code, 'Chromium')).toMatchObject({ ok: true });
  });

  it('refuses a code after 60 s, and takes it a moment before', async () => {
    const proxy = await startProxy();
    const late = await proxy.pairingCode();
    proxy.clock.now += 60_000;
    const extension = startExtension(CHROMIUM, proxy.clock);
    expect(await pair(extension, late, 'Chromium')).toMatchObject({ code: 'link.code_expired' });
    const fresh = await proxy.pairingCode();
    proxy.clock.now += 59_999;
    expect(await pair(extension, fresh, 'Chromium')).toMatchObject({ ok: true });
  });

  it('takes a code once', async () => {
    const proxy = await startProxy();
    const code = await proxy.pairingCode();
    const first = startExtension(CHROMIUM, proxy.clock);
    expect(await pair(first, code, 'Chromium')).toMatchObject({ ok: true });
    const sameOrigin = startExtension(CHROMIUM, proxy.clock);
    expect(await pair(sameOrigin, code, 'Chromium')).toMatchObject({ code: 'link.code_used' });
    const other = startExtension(FIREFOX, proxy.clock);
    expect(await pair(other, code, 'Firefox')).toMatchObject({ code: 'link.closed' });
    expect(await pairedBrowsers(proxy)).toHaveLength(1);
  });

  it('lets one of two win who send the same code at the same time', async () => {
    const proxy = await startProxy();
    const code = await proxy.pairingCode();
    const results = await Promise.all(
      [1, 2].map(() => pair(startExtension(CHROMIUM, proxy.clock), code, 'Chromium')),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(await pairedBrowsers(proxy)).toHaveLength(1);
  });

  it('makes the code before worthless with a new one', async () => {
    const proxy = await startProxy();
    const old = await proxy.pairingCode();
    await proxy.pairingCode();
    const extension = startExtension(CHROMIUM, proxy.clock);
    expect(await pair(extension, old, 'Chromium')).toMatchObject({ code: 'link.code_wrong' });
  });

  it('refuses to pair when no code was printed', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    const code = makePairingCode(proxy.port.port);
    expect(await pair(extension, code, 'Chromium')).toMatchObject({ code: 'link.code_expired' });
  });

  it('refuses a proof that was made for another extension', async () => {
    const proxy = await startProxy();
    const code = await proxy.pairingCode();
    const text = readPairingCode(code)?.text ?? '';
    const attempt = await beginPairing(text, FIREFOX, 'Firefox');
    const answer = await raw(
      { port: proxy.port.port },
      'POST',
      '/v1/pair',
      {
        host: `127.0.0.1:${proxy.port.port}`,
        origin: CHROMIUM,
        'content-type': 'application/json',
      },
      JSON.stringify(attempt.request),
    );
    expect(answer.json.details[0].code).toBe('link.code_wrong');
  });

  it('refuses a public key that was put in the place of the right one', async () => {
    const proxy = await startProxy();
    const code = await proxy.pairingCode();
    const extension = startExtension(CHROMIUM, proxy.clock);
    const other = await beginPairing('x', CHROMIUM, 'x');
    extension.wire.alterRequest = (request) => {
      const body = JSON.parse(request.body);
      request.body = JSON.stringify({ ...body, publicKey: other.request.publicKey });
    };
    expect(await pair(extension, code, 'Chromium')).toMatchObject({ code: 'link.code_wrong' });
  });

  it('finds out an answer in which the public key was replaced', async () => {
    const proxy = await startProxy();
    const code = await proxy.pairingCode();
    const extension = startExtension(CHROMIUM, proxy.clock);
    const other = await beginPairing('x', CHROMIUM, 'x');
    extension.wire.alterAnswer = (answer) => {
      const body = JSON.parse(answer.body);
      answer.body = JSON.stringify({ ...body, publicKey: other.request.publicKey });
    };
    expect(await pair(extension, code, 'Chromium')).toMatchObject({ code: 'link.stranger' });
    expect(extension.stored()).toBeNull();
  });

  it('keeps the names of two browsers apart, and each has its own link', async () => {
    const proxy = await startProxy();
    const one = startExtension(CHROMIUM, proxy.clock);
    const two = startExtension(FIREFOX, proxy.clock);
    const three = startExtension(CHROMIUM, proxy.clock);
    expect(await pair(one, await proxy.pairingCode(), 'Chromium')).toMatchObject({ ok: true });
    expect(await pair(two, await proxy.pairingCode(), 'Firefox')).toMatchObject({ ok: true });
    expect(await pair(three, await proxy.pairingCode(), 'Chromium')).toMatchObject({ ok: true });
    const names = (await pairedBrowsers(proxy)).map((browser) => browser.name).sort();
    expect(names).toEqual(['Chromium', 'Chromium 2', 'Firefox']);
    for (const extension of [one, two, three]) {
      expect(await fetchStatus(extension)).toMatchObject({ state: 'connected' });
    }
    expect(await handOver(two, newHandOver())).toMatchObject({ answer: { result: 'stored' } });
    expect(proxy.handedOver[0]?.browser).toBe('Firefox');
  });

  it('shows a name without what could steer a terminal', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    await pair(extension, await proxy.pairingCode(), '\u001b[2JFire\u202efox\r\n');
    expect((await pairedBrowsers(proxy))[0]?.name).toBe('[2JFire fox');
  });

  it('shows when each browser was used last', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    await pair(extension, await proxy.pairingCode(), 'Chromium');
    proxy.clock.now += 3_600_000;
    extension.clock.now = proxy.clock.now;
    await fetchStatus(extension);
    const at = new Date(proxy.clock.now).toISOString();
    expect((await pairedBrowsers(proxy))[0]?.lastUsedAt).toBe(at);
    expect((await proxy.links.list())[0]?.lastUsedAt).toBe(at);
  });

  it('pairs nobody when the proxy cannot store the link', async () => {
    const links = {
      ...memoryLinkStore(),
      put: () => {
        throw new Error('disk full');
      },
    };
    const proxy = await startProxy({ links });
    const extension = startExtension(CHROMIUM, proxy.clock);
    const code = await proxy.pairingCode();
    expect(await pair(extension, code, 'Chromium')).toMatchObject({ code: 'link.store' });
    expect(await pairedBrowsers(proxy)).toEqual([]);
    expect(extension.stored()).toBeNull();
  });

  it('pairs nobody when the browser cannot keep the keys, and tells the proxy', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    const keys = { ...extension.keys, write: () => Promise.reject(new Error('quota')) };
    const code = await proxy.pairingCode();
    expect(await pair({ ...extension, keys }, code, 'Chromium')).toMatchObject({
      code: 'link.keys_not_kept',
    });
    expect(await pairedBrowsers(proxy)).toEqual([]);
  });

  it('ends the link before when a browser pairs again', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    await pair(extension, await proxy.pairingCode(), 'Chromium');
    await pair(extension, await proxy.pairingCode(), 'Chromium');
    expect(await pairedBrowsers(proxy)).toHaveLength(1);
    expect(await fetchStatus(extension)).toMatchObject({ state: 'connected' });
  });

  it('stands through a restart of the proxy', async () => {
    const links = memoryLinkStore();
    const before = await startProxy({ links });
    const extension = startExtension(CHROMIUM, before.clock);
    await pair(extension, await before.pairingCode(), 'Chromium');
    await before.port.close();
    const after = await startProxy({ links, port: before.port.port, now: before.clock.now });
    expect(await fetchStatus(extension)).toMatchObject({ state: 'connected' });
    expect(after.events).toEqual([]);
  });
});

describe('ending a link', () => {
  it('works from the browser', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    await pair(extension, await proxy.pairingCode(), 'Chromium');
    expect(await unpair(extension)).toEqual({ ok: true, told: true });
    expect(extension.stored()).toBeNull();
    expect(await pairedBrowsers(proxy)).toEqual([]);
    expect(await proxy.links.list()).toEqual([]);
    expect(await fetchStatus(extension)).toEqual({ state: 'unpaired' });
  });

  it('works from the browser while the proxy is down', async () => {
    const proxy = await startProxy();
    const extension = startExtension(CHROMIUM, proxy.clock);
    await pair(extension, await proxy.pairingCode(), 'Chromium');
    await proxy.port.close();
    expect(await unpair(extension)).toEqual({ ok: true, told: false });
    expect(extension.stored()).toBeNull();
  });

  it('works from the command line, by name, and the browser is told nothing any more', async () => {
    const proxy = await startProxy();
    const one = startExtension(CHROMIUM, proxy.clock);
    const two = startExtension(FIREFOX, proxy.clock);
    await pair(one, await proxy.pairingCode(), 'Chromium');
    await pair(two, await proxy.pairingCode(), 'Firefox');
    const ended = await proxy.local('POST', '/local/unpair', { link: 'Chromium' });
    expect(ended.json.ended.name).toBe('Chromium');
    expect(await fetchStatus(one)).toMatchObject({ state: 'refused' });
    expect(await handOver(one, newHandOver())).toMatchObject({ state: 'refused' });
    expect(proxy.handedOver).toEqual([]);
    expect(await fetchStatus(two)).toMatchObject({ state: 'connected' });
    expect((await proxy.links.list()).map((link) => link.name)).toEqual(['Firefox']);
    const again = await proxy.local('POST', '/local/unpair', { link: 'Chromium' });
    expect(again.headers['x-tokenleash-error']).toBe('link.unknown');
  });
});
