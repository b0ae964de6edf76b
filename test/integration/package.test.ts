import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import AdmZip from 'adm-zip';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const run = promisify(execFile);
const LIMIT_MS = 120_000;

const out = mkdtempSync(join(tmpdir(), 'tokenleash-packages-'));
const pack = (...words: string[]) =>
  run(process.execPath, [join(root, 'scripts/package.mjs'), ...words], { cwd: root });

beforeAll(async () => {
  writeFileSync(join(out, 'tokenleash-chromium-0.0.1.zip'), 'of an earlier version');
  writeFileSync(join(out, 'mine.txt'), 'not ours');
  await pack('--built', '--out', out);
}, LIMIT_MS);
afterAll(() => rmSync(out, { recursive: true, force: true }));

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

it.each(['chromium', 'firefox'])('the zip for %s unpacks to its build', (target) => {
  const zip = new AdmZip(join(out, `tokenleash-${target}-${version}.zip`));
  const built = join(root, 'dist', target);
  const packed = zip.getEntries().filter((entry) => !entry.isDirectory);
  const names = packed.map(({ entryName }) => entryName).sort();
  expect(names).toEqual(filesBelow(built).filter((name) => !name.endsWith('.map')));
  for (const entry of packed)
    expect(entry.getData().equals(readFileSync(join(built, entry.entryName)))).toBe(true);
});

it('the npm package has the proxy and its pages, and runs without a dependency', async () => {
  await run('tar', ['xzf', join(out, `tokenleash-${version}.tgz`), '-C', out]);
  const folder = join(out, 'package');
  expect(filesBelow(folder)).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/proxy/tokenleash.js',
    'docs/tokenleash.1',
    'package.json',
  ]);
  const program = join(folder, 'dist/proxy/tokenleash.js');
  const { stdout } = await run(program, ['--version'], { env: { PATH: process.env.PATH } });
  expect(stdout.trim()).toBe(version);
});

it('every package stands in SHA256SUMS with its sum, and none of an earlier version is left', async () => {
  await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: out });
  const named = readFileSync(join(out, 'SHA256SUMS'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.slice(66));
  expect(readdirSync(out).filter((name) => /\.(?:zip|tgz)$/.test(name))).toEqual(named.sort());
  expect(named).toContain(`tokenleash-chromium-${version}.zip`);
  expect(readFileSync(join(out, 'mine.txt'), 'utf8')).toBe('not ours');
});

it('a mistyped option is refused and packs nothing', async () => {
  await expect(pack('--build')).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('no option --build'),
  });
  await expect(pack('--out')).rejects.toMatchObject({ code: 1 });
});
