import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportLine } from '../../proxy/commands/env.ts';
import { parsePort, parseTtl } from '../../proxy/commands/option-types.ts';
import { settle } from '../../proxy/commands/settle.ts';
import { hostileEnvironment, nodeWarning } from '../../proxy/runtime/node-environment.ts';

const port = { flags: '--port <port>', description: '', parse: parsePort, fallback: 4280 };
const readOnly = { flags: '--read-only', description: '', fallback: false };

const given = (
  flags: Record<string, unknown>,
  env: NodeJS.ProcessEnv,
  settings: Record<string, string | number | boolean> = {},
) => ({ flags, values: [], env, settings: async () => settings, command: 'tokenleash start' });

test('a flag wins over the environment, that over the config file, that over the default', async () => {
  const settings = { port: 3 };
  const env = { TOKENLEASH_PORT: '2' };
  expect(await settle([port], [], given({ port: '1' }, env, settings))).toEqual({ port: 1 });
  expect(await settle([port], [], given({}, env, settings))).toEqual({ port: 2 });
  expect(await settle([port], [], given({}, { TOKENLEASH_PORT: '' }, settings))).toEqual({
    port: 3,
  });
  expect(await settle([port], [], given({}, {}))).toEqual({ port: 4280 });
});

test.each([
  ['1', true],
  ['true', true],
  ['off', false],
  ['0', false],
])('TOKENLEASH_READ_ONLY=%s is %s', async (text, value) => {
  const settled = await settle([readOnly], [], given({}, { TOKENLEASH_READ_ONLY: text }));
  expect(settled).toEqual({ readOnly: value });
});

test('a wrong value is blamed on where it came from, and is not repeated', async () => {
  const wrong = settle([port], [], given({}, { TOKENLEASH_PORT: 'hunter2' }));
  await expect(wrong).rejects.toMatchObject({
    exit: 2,
    message: expect.stringMatching(/^TOKENLEASH_PORT (?!.*hunter2)/),
  });
});

test('times are a number and a unit', () => {
  expect(parseTtl('90s')).toBe(90_000);
  expect(parseTtl('8h')).toBe(28_800_000);
  for (const wrong of ['', '8', '0h', '-1h', '1.5h', '8 h', '99999d'])
    expect(() => parseTtl(wrong)).toThrow('has to be a time');
});

test('an export gives back any value, whatever quotes it has', () => {
  const value = `a'b"c$d\`e\\f‘g’ h`;
  expect(exportLine('bash', 'X', value)).toBe(`export X='a'\\''b"c$d\`e\\f‘g’ h'`);
  expect(exportLine('fish', 'X', value)).toBe(`set -gx X 'a\\'b"c$d\`e\\\\f‘g’ h'`);
  expect(exportLine('pwsh', 'X', value)).toBe(`$env:X = 'a''b"c$d\`e\\f‘‘g’’ h'`);
});

test.each(['--inspect', '--inspect-brk=9229', '--require', '--import=x', '--tls-keylog=f'])(
  'the proxy does not start under %s',
  (flag) => {
    expect(hostileEnvironment([flag], {}, false)).not.toBeNull();
    expect(hostileEnvironment([], { NODE_OPTIONS: `--x ${flag}` }, false)).not.toBeNull();
  },
);

test('harmless options of Node do not stand in the way', () => {
  const env = { NODE_OPTIONS: '--max-old-space-size=512 --no-warnings', NODE_EXTRA_CA_CERTS: 'x' };
  expect(hostileEnvironment(['--enable-source-maps'], env, false)).toBeNull();
});

test('a Node with holes in its parser is named, one without is not', () => {
  for (const old of ['v20.20.2', 'v22.23.1', 'v24.18.0', 'v26.5.0', 'v21.9.9'])
    expect(nodeWarning(old)).toContain(old);
  for (const fixed of ['v22.23.2', 'v24.18.1', 'v24.21.0', 'v26.10.0', 'v27.0.0'])
    expect(nodeWarning(fixed)).toBeNull();
});

test('every command in main.ts has its file in commands/, under its own name', async () => {
  const { readFile } = await import('node:fs/promises');
  const root = join(import.meta.dirname, '../../proxy');
  const files = readdirSync(join(root, 'commands'));
  const main = await readFile(join(root, 'main.ts'), 'utf8');
  const table = [...main.matchAll(/^ {2}'?([a-z ]+)'?: \[[\s\S]*?'\.\/commands\/([a-z-]+\.ts)'/gm)];
  expect(table.length).toBe([...main.matchAll(/import\('\.\/commands\//g)].length);
  expect(table.length).toBeGreaterThan(10);
  for (const [, name = '', file = ''] of table) {
    expect(file).toBe(`${name.replaceAll(' ', '-')}.ts`);
    expect(files).toContain(file);
  }
});
