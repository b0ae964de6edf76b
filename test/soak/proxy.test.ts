import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzzRequest, randomOf } from '../integration/fuzz-requests.ts';
import { sendBytes } from '../integration/fuzz-send.ts';
import { memoryOf } from '../integration/proxy-memory.ts';
import { ask } from '../integration/tokenleash.ts';
import { useTokenleash } from '../integration/use-tokenleash.ts';
import { startUnleash, type Unleash } from '../real-unleash/index.ts';
import { type Answer, type Caller, callerOf, leave } from './callers.ts';
import { type Line, lineTo } from './line.ts';

/** How long all of them are at it. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 30);
const LENGTH_MS = MINUTES * 60_000;
const READERS = 6;
const WRITERS = 2;
const FUZZERS = 6;
/** How often the line to the server is cut, and for how long, in ms. */
const CUT_EVERY_MS = 20_000;
const CUT_FOR_MS = 1_000;
/** Memory is compared between parts of the whole: the first is for what a process takes once. */
const PARTS = 6;
const SAMPLES = 120;
const MIB = 1024 * 1024;
const MAY_GROW = { heap: 4 * MIB, resident: 24 * MIB, descriptors: 8 };
/** What the proxy says while its server cannot be reached. */
const UNREACHED = ['upstream.unreachable', 'upstream.reset', 'upstream.timeout'];

const built = useTokenleash();
let unleash: Unleash;
let line: Line;

beforeAll(async () => {
  unleash = await startUnleash();
  line = await lineTo(unleash.port);
});
afterAll(async () => {
  line?.close();
  await unleash?.stop();
});

const descriptorsOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

test(
  'a proxy at work leaks nothing, and answers as at its beginning',
  async () => {
    const pat = (await unleash.createPat(`soak-${Date.now()}`)).secret;
    const cli = built.fresh();
    const url = `http://127.0.0.1:${line.port}`;
    const added = await cli.run(['profile', 'add', 'soak', '--url', url, '--unattended'], pat);
    expect(added.code, added.stderr).toBe(0);
    const proxy = await cli.start(['--port', '0', '--control-port', '0', '--metrics']);
    const port = Number(new URL(proxy.url).port);
    const pid = proxy.child.pid ?? 0;
    const descriptorsAtFirst = descriptorsOf(pid);
    const addClient = async (name: string, access: string): Promise<string> => {
      const made = await cli.run(['client', 'add', name, '--access', access, '--json']);
      return JSON.parse(made.stdout).token;
    };
    const [reads, writes] = [await addClient('reader', 'read'), await addClient('writer', 'write')];

    const end = performance.now() + LENGTH_MS;
    const goesOn = () => performance.now() < end;
    const counts = {
      read: 0,
      written: 0,
      malformed: 0,
      left: 0,
      clients: 0,
      cuts: 0,
      unreached: 0,
    };
    const wrong: string[] = [];
    const note = (what: string) => {
      // The first ones say it all.
      if (wrong.length < 20) wrong.push(what);
    };

    /** Null where the line was cut meanwhile. */
    const asked = async (caller: Caller, method: string, path: string, body?: object) => {
      const since = performance.now();
      let answer: Answer | null = null;
      try {
        answer = await caller.ask(method, path, body);
      } catch (error) {
        if (!line.wasCut(since)) note(`${method} ${path} broke off: ${error}`);
      }
      if (answer?.body.includes(pat)) note(`${method} ${path} was answered with the PAT`);
      if (answer?.code !== undefined && UNREACHED.includes(answer.code)) {
        if (!line.wasCut(since)) note(`${method} ${path}: ${answer.code} with the line whole`);
        answer = null;
      }
      if (answer === null) counts.unreached += 1;
      return answer;
    };

    const read = async () => {
      const caller = callerOf(proxy.url, reads);
      while (goesOn()) {
        const answer = await asked(caller, 'GET', '/api/admin/projects');
        if (answer && (answer.status !== 200 || JSON.parse(answer.body).projects.length === 0))
          note(`projects: ${answer.status} ${answer.body.slice(0, 200)}`);
        const refused = await asked(caller, 'POST', '/api/admin/projects/default/features', {
          name: 'never',
        });
        if (refused && refused.code !== 'policy.read_only')
          note(`a write of a reader: ${refused.status} ${refused.code}`);
        counts.read += 2;
      }
      caller.close();
    };
    const write = async (_: unknown, number: number) => {
      const caller = callerOf(proxy.url, writes);
      const features = '/api/admin/projects/default/features';
      const name = `soak-${number}`;
      // One flag all the time: 8.2.0 ends where one is deleted in the moment after it was archived.
      expect((await caller.ask('POST', features, { name })).status).toBe(201);
      const own = `${features}/${name}`;
      while (goesOn()) {
        for (const [method, path] of [
          ['POST', `${own}/environments/development/on`],
          ['GET', own],
          ['POST', `${own}/environments/development/off`],
        ] as const) {
          const answer = await asked(caller, method, path);
          if (answer === null) continue;
          if (answer.status !== 200)
            note(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 200)}`);
          counts.written += 1;
        }
      }
      caller.close();
    };
    const random = randomOf(1);
    const fuzz = async () => {
      while (goesOn()) {
        counts.malformed += 1;
        const wish = { random, number: counts.malformed, port, token: reads, elsewhere: 1 };
        const answer = await sendBytes(port, fuzzRequest(wish));
        if (answer === null) note('a malformed request was not answered in time');
        else if (answer.includes(pat)) note('a malformed request was answered with the PAT');
      }
    };
    const leaveOften = async () => {
      while (goesOn()) {
        for (const way of ['head', 'upload', 'answer'] as const) await leave(port, writes, way);
        counts.left += 3;
        await wait(20);
      }
    };
    const change = async () => {
      while (goesOn()) {
        const name = `guest-${counts.clients}`;
        const token = await addClient(name, 'read');
        const live = await ask(proxy.url, token, '/api/admin/api-tokens').catch(() => null);
        if (live && live.code !== 'policy.mint') note(`a new client: ${live.status} ${live.code}`);
        await cli.run(['client', 'revoke', name]);
        const after = await ask(proxy.url, token).catch(() => null);
        if (after && after.code !== 'caller.unknown')
          note(`a revoked client: ${after.status} ${after.code}`);
        counts.clients += 1;
        await wait(1_000);
      }
    };
    const cutTheLine = async () => {
      for (;;) {
        await wait(Math.min(CUT_EVERY_MS, LENGTH_MS / 4));
        if (!goesOn()) return;
        line.cut(CUT_FOR_MS);
        counts.cuts += 1;
      }
    };
    const samples: { heap: number; resident: number; descriptors: number }[] = [];
    const watch = async () => {
      while (goesOn()) {
        await wait(LENGTH_MS / SAMPLES);
        const { heap, resident } = await memoryOf(proxy.control);
        samples.push({ heap, resident, descriptors: descriptorsOf(pid) });
      }
    };

    const some = (count: number, work: (_: unknown, number: number) => Promise<void>) =>
      Array.from({ length: count }, work);
    await Promise.all([
      ...some(READERS, read),
      ...some(WRITERS, write),
      ...some(FUZZERS, fuzz),
      leaveOften(),
      change(),
      cutTheLine(),
      watch(),
    ]);

    expect(wrong).toEqual([]);
    // It was a test: all of them were at it.
    for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(2);

    const part = (number: number) =>
      samples.slice(
        Math.floor((samples.length * number) / PARTS),
        Math.floor((samples.length * (number + 1)) / PARTS),
      );
    // The heap is what it is after a collection, wherever a sample falls in between.
    const heapIn = (number: number) => Math.min(...part(number).map(({ heap }) => heap));
    const residentIn = (number: number) => median(part(number).map(({ resident }) => resident));
    const everyPart = Array.from({ length: PARTS }, (_, number) => number);
    const figures = {
      minutes: MINUTES,
      ...counts,
      heapMiB: everyPart.map((number) => (heapIn(number) / MIB).toFixed(1)),
      residentMiB: everyPart.map((number) => (residentIn(number) / MIB).toFixed(1)),
      mostDescriptors: Math.max(...samples.map(({ descriptors }) => descriptors)),
    };
    process.stderr.write(`${JSON.stringify(figures)}\n`);
    expect(heapIn(PARTS - 1) - heapIn(1)).toBeLessThan(MAY_GROW.heap);
    expect(residentIn(PARTS - 1) - residentIn(1)).toBeLessThan(MAY_GROW.resident);

    // All has come to its end, and is as at the beginning.
    await expect
      .poll(async () => (await memoryOf(proxy.control)).underWay, { timeout: 60_000 })
      .toBe(0);
    expect((await ask(proxy.url, reads)).status).toBe(200);
    await expect
      .poll(() => descriptorsOf(pid), { timeout: 60_000 })
      .toBeLessThanOrEqual(descriptorsAtFirst + MAY_GROW.descriptors);
    expect(proxy.stderr()).not.toMatch(/defect|ExceededWarning/);
    expect(await proxy.end()).toBe(143);
    expect(proxy.stderr()).not.toContain(pat);
    for (const entry of readdirSync(cli.home, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      expect(readFileSync(path).includes(pat), path).toBe(false);
    }
  },
  LENGTH_MS + 300_000,
);
