import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Rule } from '../../proxy/policy/rule.ts';
import { type PortUnderTest, startPort } from '../conformance/kit/port.ts';
import { startUnleash, type Unleash } from '../real-unleash/index.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';

type Answer = { status: number; code: string | undefined; body: string };
type Sent = { method: string; path: string; body?: Buffer; headers?: Record<string, string> };

/** As it stands: no URL parser between the test and the socket. */
function send(port: number, token: string, { method, path, body, headers }: Sent): Promise<Answer> {
  return new Promise((done, failed) => {
    const all: Record<string, string> = { authorization: token, ...headers };
    if (body) all['content-type'] ??= 'application/json';
    if (body) all['content-length'] = String(body.length);
    const asked = request(
      { host: '127.0.0.1', port, method, path, headers: all, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', failed);
        answer.on('end', () =>
          done({
            status: answer.statusCode ?? 0,
            code: answer.headers['x-tokenleash-error'] as string | undefined,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    asked.on('error', failed);
    asked.end(body);
  });
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const hex = (character: string) => `%${character.charCodeAt(0).toString(16)}`;

/** A path in every way to spell it that a server may take for the same. */
function spellings(path: string): string[] {
  const segments = path.split('/').slice(1);
  const at = (place: number, change: (segment: string) => string) =>
    `/${segments.map((segment, index) => (index === place ? change(segment) : segment)).join('/')}`;
  const everywhere = (change: (segment: string) => string) => `/${segments.map(change).join('/')}`;
  const capital = (segment: string) => segment.charAt(0).toUpperCase() + segment.slice(1);
  const inPlace = segments.flatMap((_, place) => [
    at(place, (segment) => segment.toUpperCase()),
    at(place, capital),
    at(place, (segment) => hex(segment.charAt(0)) + segment.slice(1)),
    at(place, (segment) => hex(segment.charAt(0)).toUpperCase() + segment.slice(1)),
    at(place, (segment) => `%25${hex(segment.charAt(0)).slice(1)}${segment.slice(1)}`),
    at(place, (segment) => [...segment].map(hex).join('')),
    at(place, (segment) => `/${segment}`),
    at(place, (segment) => `./${segment}`),
    at(place, (segment) => `%2e/${segment}`),
    at(place, (segment) => `x/../${segment}`),
    at(place, (segment) => `x/%2E%2E/${segment}`),
    at(place, (segment) => `${segment};v=1`),
    at(place, (segment) => `${segment}%20`),
    at(place, (segment) => `${segment}%00`),
    at(place, (segment) => `${segment}.`),
    at(place, (segment) => `${segment}%2f`),
    at(place, (segment) => `${segment}\\`),
    at(place, (segment) => `%c0%af${segment}`),
    at(place, (segment) => `\u00ff${segment}`),
  ]);
  return [
    path,
    everywhere((segment) => segment.toUpperCase()),
    everywhere(capital),
    `${path}/`,
    `${path}//`,
    `${path}/.`,
    `${path}/x/..`,
    `${path}?`,
    `${path}?x=/../`,
    `${path}#x`,
    `${path}%3f`,
    `${path}%23x`,
    `/${path}`,
    `/x/..${path}`,
    `http://127.0.0.1${path}`,
    path.replaceAll('/', '//'),
    path.replaceAll('/', '\\'),
    path.replace('/api', '/api/client/../../api'),
    path.replace('/admin', '/admin/../admin'),
    ...inPlace,
  ];
}

describe.each(['8.2.0', '4.19.5'])('on Unleash %s, a rule', (version) => {
  let own: Unleash | undefined;
  let server: { port: number; url: string; pat: string };
  let flag: string;
  let other: string;

  const direct = (sent: Sent) => send(server.port, server.pat, sent);
  const features = '/api/admin/projects/default/features';
  const toggle = (name: string, environment: string, to: 'on' | 'off') =>
    `${features}/${name}/environments/${environment}/${to}`;
  const isOn = async (name: string, environment: string) => {
    const { body } = await direct({ method: 'GET', path: `${features}/${name}` });
    const { environments } = JSON.parse(body) as {
      environments: { name: string; enabled: boolean }[];
    };
    return environments.find((each) => each.name === environment)?.enabled;
  };

  async function behind(
    rules: Rule[],
  ): Promise<{ proxy: PortUnderTest; ask(sent: Sent): Promise<Answer> }> {
    const proxy = await startPort({ upstream: server.url, pat: server.pat, profile: { rules } });
    return { proxy, ask: (sent) => send(proxy.port, proxy.token, sent) };
  }

  beforeAll(async () => {
    const unleash = version === '8.2.0' ? sharedUnleash() : await startUnleash({ version });
    if ('stop' in unleash) own = unleash as Unleash;
    const { secret } = await unleash.createPat(`spellings-${process.pid}-${Date.now()}`);
    server = { port: unleash.port, url: unleash.url, pat: secret };
    flag = `spelling-${process.pid}-${Date.now()}`;
    other = `${flag}-other`;
    for (const name of [flag, other]) {
      const made = await direct({
        method: 'POST',
        path: features,
        body: json({ name, type: 'release' }),
      });
      expect(made.status).toBe(201);
    }
  });
  afterAll(() => own?.stop());

  test('on a flag holds for every spelling of its path that the server answers', async () => {
    const open = await behind([]);
    const held = await behind([{ verdict: 'deny', flag: [flag] }]);
    const path = `${features}/${flag}`;
    const slipped: string[] = [];
    let answered = 0;
    let passed = 0;
    for (const spelling of spellings(path)) {
      const sent = { method: 'GET', path: spelling };
      const shows = ({ status, body }: Answer) =>
        status === 200 && body.includes(`"name":"${flag}"`);
      if (shows(await direct(sent))) answered += 1;
      if (shows(await open.ask(sent))) passed += 1;
      const answer = await held.ask(sent);
      // A 404 of the server is one for another name.
      if (answer.code === undefined && answer.status < 400)
        slipped.push(`${spelling}: ${answer.status}`);
    }
    await open.proxy.dataPort.close();
    await held.proxy.dataPort.close();
    expect(slipped).toEqual([]);
    // The server does answer other spellings than the plain one, and the proxy without the rule sends them on.
    expect(answered).toBeGreaterThan(20);
    expect(passed).toBeGreaterThan(20);
  });

  test('on an environment holds for every spelling of a switch that the server obeys', async () => {
    const held = await behind([
      { verdict: 'deny', environment: ['production'], access: ['write'] },
    ]);
    const path = toggle(flag, 'production', 'on');
    let obeyed = 0;
    for (const spelling of spellings(path)) {
      const sent = { method: 'POST', path: spelling, body: json({}) };
      const through = await held.ask(sent);
      expect(await isOn(flag, 'production'), `${spelling}: ${through.status}`).toBe(false);
      if ((await direct(sent)).status !== 200) continue;
      obeyed += 1;
      await direct({ method: 'POST', path: toggle(flag, 'production', 'off'), body: json({}) });
    }
    expect(obeyed).toBeGreaterThan(20);
    // Beside the rule, the same is done.
    const development = { method: 'POST', path: toggle(flag, 'development', 'on'), body: json({}) };
    expect(await held.ask(development)).toMatchObject({ status: 200 });
    expect(await isOn(flag, 'development')).toBe(true);
    await held.proxy.dataPort.close();
  });

  test('on an environment holds for a strategy that goes by its id', async () => {
    const strategies = (environment: string) =>
      `${features}/${flag}/environments/${environment}/strategies`;
    const made = await direct({
      method: 'POST',
      path: strategies('production'),
      body: json({ name: 'default', parameters: {}, constraints: [] }),
    });
    const { id } = JSON.parse(made.body) as { id: string };
    const sent = {
      method: 'PUT',
      path: `${strategies('development')}/${id}`,
      body: json({ name: 'default', parameters: {}, constraints: [] }),
    };
    // What makes the rule necessary: the server changes production's strategy, asked for development's.
    expect((await direct(sent)).status).toBe(200);
    const held = await behind([{ verdict: 'deny', environment: ['production'] }]);
    expect(await held.ask(sent)).toMatchObject({ status: 403, code: 'policy.rule' });
    await held.proxy.dataPort.close();
  });

  test('on a flag holds for every body that the server reads', async () => {
    // 4.19.5 has no bulk operation; all make flags.
    const held = await behind([{ verdict: 'deny', flag: ['held-*'] }]);
    const bodies: [string, (name: string) => Sent['body'], Record<string, string>][] = [
      ['plain', (name) => json({ name }), {}],
      ['named twice', (name) => Buffer.from(`{"name":"free-x","name":"${name}"}`), {}],
      ['escaped', (name) => Buffer.from(`{"n\\u0061me":"h\\u0065ld${name.slice(4)}"}`), {}],
      [
        'with a mark of its byte order',
        (name) => Buffer.from(`\ufeff${JSON.stringify({ name })}`),
        {},
      ],
      [
        'in UTF-16',
        (name) => Buffer.from(JSON.stringify({ name }), 'utf16le'),
        { 'content-type': 'application/json; charset=utf-16le' },
      ],
      ['packed', (name) => gzipSync(JSON.stringify({ name })), { 'content-encoding': 'gzip' }],
      [
        'as a form',
        (name) => Buffer.from(`name=${name}`),
        { 'content-type': 'application/x-www-form-urlencoded' },
      ],
      ['longer than 64 KiB', (name) => json({ description: 'x'.repeat(66_000), name }), {}],
    ];
    const slipped: string[] = [];
    let read = 0;
    for (const [at, [word, bodyOf, headers]] of bodies.entries()) {
      const name = `held-${flag}-${at}`;
      const sent = { method: 'POST', path: features, body: bodyOf(name) as Buffer, headers };
      const answer = await held.ask(sent);
      if (answer.code !== 'policy.rule') slipped.push(`${word}: ${answer.status}`);
      if ((await direct(sent)).status === 201) read += 1;
    }
    expect(slipped).toEqual([]);
    expect(read).toBeGreaterThan(4);
    const free = { method: 'POST', path: features, body: json({ name: `free-${flag}` }) };
    expect(await held.ask(free)).toMatchObject({ status: 201 });
    const expecting = {
      ...free,
      body: json({ name: `held-${flag}` }),
      headers: { expect: '100-continue' },
    };
    expect(await held.ask(expecting)).toMatchObject({ code: 'policy.rule' });
    await held.proxy.dataPort.close();
  });
});
