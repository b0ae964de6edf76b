import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { openSealedFile } from '../../proxy/secrets/sealed-file.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'sealed-kill-'));
const path = join(folder, 'secrets.json');
const ROUNDS = 6;

/** Writes one entry after another until it is killed, and says each number once it is on disk. */
const WRITER = `
const [path, from] = process.argv.slice(1);
const { runnerImport } = await import('vite');
const { module } = await runnerImport('./proxy/secrets/sealed-file.ts', { configFile: false, logLevel: 'error' });
const store = await module.openSealedFile(path, 'p', { create: true });
for (let at = Number(from); ; at += 1) {
  const note = { createdAt: '', expiresAt: null, patId: null };
  await store.put({ profile: 'p' + at, origin: 'https://a.example', kind: 'pat' }, note, 'secret ' + at);
  console.log(at);
}`;

let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
});

test('a writer killed at any moment loses nothing that it has said is stored, and blocks nobody', async () => {
  let next = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, path, String(next)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    if (child.stdout) await once(child.stdout, 'data');
    await after(Math.random() * 40);
    child.kill('SIGKILL');
    await once(child, 'close');
    const last = Number(said.trim().split('\n').at(-1));

    const store = await openSealedFile(path, 'p', { create: false });
    const texts = (await store.list('pat')).map(({ text }) => text);
    for (let at = 0; at <= last; at += 1) expect(texts).toContain(`secret ${at}`);
    // What stands there beyond that was being written, whole or not at all.
    expect(texts.length).toBeLessThanOrEqual(last + 2);
    next = texts.length;
  }
  const store = await openSealedFile(path, 'p', { create: false });
  const note = { createdAt: '', expiresAt: null, patId: null };
  await store.put({ profile: 'after', origin: 'https://a.example', kind: 'pat' }, note, 'x');
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
}, 120_000);
