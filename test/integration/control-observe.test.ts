import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pair } from '../../extension/background/proxy-link-exchange.ts';
import { createMetrics } from '../../proxy/control/metrics.ts';
import { LINK_PATHS, openAnswer, requestLine, signRequest } from '../../shared/link/channel.ts';
import type { EventsAnswer, EventsRequest, LiveRequest } from '../../shared/link/messages.ts';
import { CHROMIUM, raw, STATUS, startExtension, startProxy } from './control-fixture.ts';

const request = (id: string, more: Partial<LiveRequest> = {}): LiveRequest => ({
  time: '2026-01-01T00:00:00.000Z',
  id,
  client: 'script',
  via: 'phantom',
  profile: 'work',
  method: 'GET',
  operation: 'getProjects',
  template: '/api/admin/projects',
  verdict: 'allowed',
  code: null,
  rule: null,
  status: 200,
  ms: 20,
  ...more,
});

async function paired() {
  const proxy = await startProxy();
  const extension = startExtension(CHROMIUM, proxy.clock);
  expect(await pair(extension, await proxy.pairingCode(), 'Chromium')).toMatchObject({ ok: true });
  const link = extension.stored();
  if (link === null) throw new Error('not paired');
  /** One question over the link; null for an answer that is not the paired proxy's. */
  const ask = async (question: EventsRequest | { seen: unknown }) => {
    const line = requestLine(link.id, LINK_PATHS.events, proxy.clock.now);
    const { headers, body } = await signRequest(link.keys, line, question);
    const all = { host: `127.0.0.1:${proxy.port.port}`, origin: CHROMIUM, ...headers };
    const answer = await raw(
      { port: proxy.port.port },
      'POST',
      LINK_PATHS.events,
      { ...all, 'content-type': 'application/json' },
      body,
    );
    const header = (name: string) => String(answer.headers[name] ?? '');
    const opened = await openAnswer(link.keys, line, answer.status, header, answer.text);
    return { status: answer.status, value: opened.ok ? (opened.value as EventsAnswer) : null };
  };
  return { proxy, ask };
}

it('a paired browser is told of a request as it ends, in an answer that is signed and sealed', async () => {
  const { proxy, ask } = await paired();
  const first = await ask({});
  expect(first.value).toMatchObject({ last: 0, events: [] });
  const seen = { stream: first.value?.stream ?? '', after: 0 };
  const waiting = ask({ seen });
  proxy.context.events.request(request('a', { verdict: 'refused', code: 'policy.mint' }));
  expect((await waiting).value).toMatchObject({
    last: 1,
    events: [{ number: 1, event: 'request', request: { id: 'a', code: 'policy.mint' } }],
  });
  expect((await ask({ seen: { stream: 5 } })).status).toBe(400);
});

it('a browser that was unpaired while it waited is told nothing more', async () => {
  const { proxy, ask } = await paired();
  const { stream = '' } = (await ask({})).value ?? {};
  const { events } = proxy.context;
  const { after } = events;
  let waits = false;
  events.after = (...words) => {
    waits = true;
    return after(...words);
  };
  const waiting = ask({ seen: { stream, after: 0 } });
  await expect.poll(() => waits, { timeout: 20_000 }).toBe(true);
  expect(await proxy.local('POST', '/local/unpair', { link: 'Chromium' })).toMatchObject({
    status: 200,
  });
  proxy.context.events.request(request('a'));
  const answer = await waiting;
  expect(answer.status).toBe(401);
  expect(JSON.stringify(answer.value)).not.toContain('getProjects');
});

it('events are for paired browsers and the socket alone', async () => {
  const proxy = await startProxy();
  const { port } = proxy.port;
  const host = `127.0.0.1:${port}`;
  const local = await raw({ port }, 'GET', '/local/events', { host });
  expect([local.status, local.headers['x-tokenleash-error']]).toEqual([404, 'target.path']);
  const extension = await raw({ port }, 'POST', LINK_PATHS.events, { host, origin: CHROMIUM });
  expect(extension.status).toBe(403);
  expect((await proxy.local('POST', '/local/events')).status).toBe(405);
});

it('the local command line gets a stream of events, which ends with the proxy', async () => {
  const proxy = await startProxy();
  const socketPath = proxy.port.socket ?? '';
  let text = '';
  const ended = new Promise<void>((done, failed) => {
    const asked = get({ socketPath, path: '/local/events', headers: { host: 'localhost' } });
    asked.on('error', failed);
    asked.on('response', (answer) => {
      expect(answer.headers['content-type']).toBe('text/event-stream');
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', done);
    });
  });
  await expect.poll(() => text, { timeout: 20_000 }).toBe(':\n\n');
  proxy.context.events.request(request('a'));
  proxy.context.events.changed();
  await expect.poll(() => text, { timeout: 20_000 }).toContain('event: status');
  const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));
  expect(events).toEqual([
    { number: 1, event: 'request', request: request('a') },
    { number: 2, event: 'status' },
  ]);
  await proxy.port.close();
  await ended;
});

it('metrics are off until they are asked for', async () => {
  const proxy = await startProxy();
  const answer = await proxy.local('GET', '/metrics');
  expect(answer.status).toBe(404);
  expect(answer.json.message).toContain('tokenleash start --metrics');
});

it('metrics count by meaning, under names that Prometheus takes, and for no web page', async () => {
  const proxy = await startProxy();
  const metrics = createMetrics();
  proxy.context.metrics = (pairedBrowsers) =>
    metrics.page({ status: STATUS, requestsUnderWay: 3, pairedBrowsers });
  for (const id of ['a', 'b']) metrics.count(request(id));
  metrics.count(request('c', { verdict: 'refused', code: 'policy.mint', status: 403, ms: 1 }));
  metrics.count(request('d', { profile: null, operation: null, code: 'host.refused', ms: 1 }));
  const { port } = proxy.port;
  const host = `127.0.0.1:${port}`;
  const { status, text, headers } = await raw({ port }, 'GET', '/metrics', { host });
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = text.split('\n');
  expect(lines).toContain(
    'tokenleash_requests_total{profile="work",verdict="allowed",operation="getProjects",code="",status="200"} 2',
  );
  expect(lines).toContain(
    'tokenleash_requests_total{profile="work",verdict="refused",operation="getProjects",code="policy.mint",status="403"} 1',
  );
  expect(lines).toContain(
    'tokenleash_request_duration_seconds_bucket{le="0.025",profile="work",verdict="allowed"} 2',
  );
  expect(lines).toContain('tokenleash_requests_under_way 3');
  expect(lines).toContain('tokenleash_clients 2');
  expect(lines).toContain('tokenleash_paired_browsers 0');
  expect(lines).toContain('tokenleash_profile_state{profile="work",state="ready"} 1');
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  for (const line of lines.filter((each) => each !== '' && !each.startsWith('#')))
    expect(line).toMatch(/^(tokenleash|process|nodejs)_[a-z0-9_]+(\{[^}]*\})? ([0-9.e+-]+|Nan)$/);
  const documented = readFileSync(join(import.meta.dirname, '../../docs/observing.md'), 'utf8');
  for (const [, name = ''] of text.matchAll(/^# HELP (tokenleash_\w+)/gm))
    expect(documented).toContain(`\`${name}\``);
  for (const field of Object.keys(request('a'))) expect(documented).toContain(`| \`${field}\` |`);
  for (const page of [{ origin: 'http://localhost:3000' }, { 'sec-fetch-site': 'same-site' }]) {
    const refused = await raw({ port }, 'GET', '/metrics', { host, ...page });
    expect([refused.status, refused.text.includes('tokenleash_')]).toEqual([403, false]);
  }
});
