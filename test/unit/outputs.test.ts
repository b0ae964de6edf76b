import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

const LINES = 2000;

/** Writes 2 MB in lines to stdout, and says on stderr that it goes on. */
const WRITER = `
import { createOutputs } from './outputs.js';
const outputs = createOutputs();
for (let at = 0; at < ${LINES}; at += 1) outputs.line('stdout', at + ' ' + 'x'.repeat(1000));
outputs.line('stderr', 'still here');
await outputs.drained();
process.exit();`;

const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
const writer = join(folder, 'writer.mjs');

// Built, since what would read it as it stands writes to the same streams.
beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(import.meta.dirname, '../../proxy/outputs.ts'),
      outDir: folder,
      emptyOutDir: false,
    },
  });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(writer, WRITER);
});

let child: ChildProcess | null = null;
afterEach(() => child?.kill('SIGKILL'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(): ChildProcess {
  child = spawn(process.execPath, [writer], { stdio: ['ignore', 'pipe', 'pipe'] });
  return child;
}

test('a program goes on while nobody reads what it prints, and nothing of it is lost or turned round', async () => {
  const { stdout, stderr } = write();
  const [said] = await once(stderr ?? process.stdin, 'data');
  expect(String(said)).toBe('still here\n');
  let text = '';
  stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  if (child) expect(await once(child, 'close')).toEqual([0, null]);
  const numbers = text
    .trimEnd()
    .split('\n')
    .map((line) => Number.parseInt(line, 10));
  expect(numbers).toEqual(Array.from({ length: LINES }, (_, at) => at));
});

test('a reader that has seen enough ends it, and well', async () => {
  const { stdout } = write();
  await once(stdout ?? process.stdin, 'data');
  stdout?.destroy();
  if (child) expect(await once(child, 'close')).toEqual([0, null]);
});
