import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { explainAsked } from '../../proxy/commands/explained.ts';
import { resolvePaths } from '../../proxy/runtime/paths.ts';
import { makePat } from '../conformance/kit/port.ts';
import { codeOf, statusOf } from '../conformance/kit/wire.ts';
import { type FuzzRequest, fuzzRequest, markOf, randomOf } from './fuzz-requests.ts';
import { sendBytes } from './fuzz-send.ts';
import { memoryOf } from './proxy-memory.ts';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const REQUESTS = 10_000;
/** The same requests each time; another seed makes others. `FUZZ_FIGURES=1` prints how they were answered. */
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const AT_ONCE = 32;
const SAMPLE_EVERY_MS = 100;
const MIB = 1024 * 1024;

const built = useTokenleash();
const ends: (() => void)[] = [];

afterAll(async () => {
  for (const end of ends) end();
});

type Arrived = { method: string; url: string; authorization: string | undefined };

/** Writes down what comes, and answers in many ways: well, with what it was sent, badly, or not to the end. */
async function recordingServer(arrived: Arrived[]) {
  const answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [
    (_request, response) => response.end('{"ok":true}'),
    (_request, response) => response.end('{"ok":true}'),
    (request, response) => response.end(JSON.stringify(request.headers)),
    (request, response) => {
      response.setHeader('x-echo', String(request.headers.authorization));
      response.setHeader('set-cookie', 'a=b');
      response.end(String(request.headers.authorization).repeat(50));
    },
    (_request, response) => response.writeHead(401).end('{"name":"no"}'),
    (_request, response) => response.writeHead(304, { etag: '"abc"' }).end(),
    (_request, response) => response.writeHead(302, { location: 'http://evil.example/' }).end(),
    (_request, response) => response.writeHead(500).end('x'.repeat(100_000)),
    (_request, response) => {
      response.write('half');
      setTimeout(() => response.destroy(), 5);
    },
    (_request, response) => response.destroy(),
    (_request, response) => void response.socket?.end('HTTP/1.1 200 \u0001\r\nnonsense\r\n\r\n'),
  ];
  let turn = 0;
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    arrived.push({ method, url, authorization: headers.authorization });
    request.on('error', () => undefined).resume();
    response.on('error', () => undefined);
    turn += 1;
    answers[turn % answers.length]?.(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code !== 'ECONNRESET')
      arrived.push({ method: 'NO HTTP', url: String(error.code), authorization: undefined });
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Counts connections that must not be made. */
async function elsewhereServer() {
  const reached = { times: 0 };
  const server = createTcpServer((socket) => {
    reached.times += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ends.push(() => void server.close());
  return { port: (server.address() as AddressInfo).port, reached };
}

/** Bytes; the heap is what it is after a collection, wherever a sample falls in between. */
async function lowestHeap(control: string, isOver: { yet: boolean }): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY;
  while (!isOver.yet) {
    await new Promise((next) => setTimeout(next, SAMPLE_EVERY_MS));
    lowest = Math.min(lowest, (await memoryOf(control)).heap);
  }
  return lowest;
}

test(`10,000 random and malformed requests leave the proxy alive and its PAT where explain said (seed ${SEED})`, async () => {
  const arrived: Arrived[] = [];
  const upstreamPort = await recordingServer(arrived);
  const elsewhere = await elsewhereServer();
  const pat = makePat();
  const cli = built.fresh();
  const url = `http://127.0.0.1:${upstreamPort}`;
  const added = await cli.run(['profile', 'add', 'fuzz', '--url', url, '--unattended'], pat);
  expect(added.code, added.stderr).toBe(0);
  const rule = ['--operation', 'archiveFeature,updateFeature', '--project', 'secret*'];
  expect(await cli.run(['profile', 'rule', 'add', 'deny', ...rule])).toMatchObject({ code: 0 });
  const client = await cli.run(['client', 'add', 'fuzzer', '--access', 'write', '--json']);
  const { token } = JSON.parse(client.stdout) as { token: string };
  const proxy = await cli.start(['--port', '0', '--control-port', '0', '--metrics']);
  const port = Number(new URL(proxy.url).port);
  arrived.length = 0;

  const random = randomOf(SEED);
  const sent: FuzzRequest[] = [];
  const leaks: string[] = [];
  const unanswered: string[] = [];
  const answers = new Map<string, number>();
  const memory: Awaited<ReturnType<typeof memoryOf>>[] = [];
  let number = 0;

  const sendSome = async (until: number) => {
    while (number < until) {
      number += 1;
      const made = fuzzRequest({ random, number, port, token, elsewhere: elsewhere.port });
      sent[number] = made;
      const answer = await sendBytes(port, made);
      if (answer === null) unanswered.push(JSON.stringify(made.bytes.slice(0, 2000)));
      else if (answer.includes(pat)) leaks.push(answer.slice(0, 2000));
      const ended = `${statusOf(answer ?? '')} ${codeOf(answer ?? '') ?? ''}`.trim();
      answers.set(ended, (answers.get(ended) ?? 0) + 1);
    }
  };
  for (let part = 1; part <= 4; part += 1) {
    const until = (REQUESTS * part) / 4;
    const isOver = { yet: false };
    const [lowest] = await Promise.all([
      lowestHeap(proxy.control, isOver),
      Promise.all(Array.from({ length: AT_ONCE }, () => sendSome(until))).then(() => {
        isOver.yet = true;
      }),
    ]);
    await expect
      .poll(async () => (await memoryOf(proxy.control)).underWay, { timeout: 60_000 })
      .toBe(0);
    memory.push({ ...(await memoryOf(proxy.control)), heap: lowest });
  }

  expect(unanswered).toEqual([]);
  expect(leaks).toEqual([]);
  expect(elsewhere.reached.times).toBe(0);

  // Alive, and as good as before.
  expect(proxy.child.exitCode).toBeNull();
  expect(proxy.stderr()).not.toContain('defect');
  const target = `/api/admin/projects?n=${markOf(0)}`;
  sent[0] = {
    bytes: '',
    lines: [{ method: 'GET', target }],
    pieces: 1,
    leaves: false,
    closesFirst: false,
  };
  // One of the server's answers ends in its middle, as does then ours; the next one does not.
  const good = await ask(proxy.url, token, target).catch(() => ask(proxy.url, token, target));
  expect([401, 502, 200, 302, 304, 500]).toContain(good.status);
  expect((await fetch(`${proxy.control}/healthz`)).status).toBe(200);

  // What explain says of each, by the config and clients of the proxy that ran.
  const io = { paths: await resolvePaths({ TOKENLEASH_HOME: cli.home }), now: Date.now, env: {} };
  const explained = async (method: string, target: string) => {
    const asked = { method, path: target, client: 'fuzzer', profile: undefined, body: undefined };
    const { verdict, steps } = await explainAsked(asked, io as never);
    if (verdict !== 'allowed') return null;
    const path = steps.find(({ step }) => step === 'path')?.rule.replace('canonical: ', '') ?? '';
    return `${method} ${path}${target.includes('?') ? target.slice(target.indexOf('?')) : ''}`;
  };
  const strays: (Arrived & { from: string | undefined })[] = [];
  for (const each of arrived) {
    // What passes with the caller's own token or none takes no PAT along.
    if (/^\/(?!api\/admin)/i.test(each.url) && each.authorization !== pat) continue;
    // A letter changed by chance may have hit the mark itself: then what was sent with these very letters counts.
    const mark = /fz(\d+)z/.exec(each.url)?.[1];
    const ending = each.url.slice(-8);
    const from =
      mark === undefined ? sent.find(({ bytes }) => bytes.includes(ending)) : sent[Number(mark)];
    const [path = '', ...query] = each.url.split('?');
    const lookup = path.toLowerCase().replace(/(?<=.)\/$/, '');
    const wanted = `${each.method} ${[lookup, ...query].join('?')}`;
    const said = (from?.lines ?? []).map((line) => explained(line.method, line.target));
    if (!(await Promise.all(said)).includes(wanted))
      strays.push({ ...each, from: from?.bytes.slice(0, 1000) });
  }
  expect(strays).toEqual([]);

  // It was a test: a good part came through, with the PAT, and a good part was refused in many ways.
  const withPat = arrived.filter(({ authorization }) => authorization === pat);
  expect(withPat.length).toBeGreaterThan(REQUESTS / 20);
  expect(arrived.length).toBeGreaterThan(REQUESTS / 20);
  const many = [
    '200',
    '400 request.framing',
    '400 target.path',
    '401 caller.missing',
    '401 caller.unknown',
    '403 browser.refused',
    '403 policy.mint',
    '405 target.method',
    '421 host.refused',
  ];
  for (const ended of many) expect(answers.get(ended), ended).toBeGreaterThan(10);

  if (process.env.FUZZ_FIGURES)
    console.log(SEED, [...answers].sort(), arrived.length, withPat.length, memory);
  const [first, , , last] = memory;
  expect((last?.heap ?? 0) - (first?.heap ?? 0)).toBeLessThan(24 * MIB);
  expect((last?.resident ?? 0) - (first?.resident ?? 0)).toBeLessThan(48 * MIB);
}, 600_000);
