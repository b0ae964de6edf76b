import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RULE_SUBJECTS } from '../../proxy/policy/rule.ts';
import { forgetClientRules } from '../../proxy/profiles/change-rules.ts';
import { profileRecord, readConfig, updateConfig } from '../../proxy/profiles/config-file.ts';
import { isName, nearestName } from '../../proxy/profiles/name.ts';
import { configFile, type Paths, resolvePaths } from '../../proxy/runtime/paths.ts';

let folder: string;
let paths: Paths;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'));
  paths = await resolvePaths({ TOKENLEASH_HOME: folder });
  path = configFile(paths);
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));

const given = async (text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o600 });
};

const demo = {
  name: 'demo',
  url: 'http://127.0.0.1:4242',
  access: 'write' as const,
  source: { from: 'stored' as const, store: 'sealed-file' as const },
  ca: null,
  clientCertificate: null,
  compression: 'identity' as const,
  rules: [],
  allowHttp: false,
  unattended: false,
};

test('a missing config is an empty one', async () => {
  expect(await readConfig(paths)).toEqual({
    current: null,
    profiles: [],
    settings: {},
    clientRules: {},
  });
});

test('a profile reads back as it was written, mode 0600', async () => {
  await updateConfig(paths, (_, document) => {
    document.set('current', 'demo');
    document.setIn(['profiles', 'demo'], profileRecord(demo));
  });
  expect(await readConfig(paths)).toEqual({
    current: 'demo',
    profiles: [demo],
    settings: {},
    clientRules: {},
  });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a change keeps the comments of the user and the order of the file', async () => {
  await given('# mine\nsettings:\n  port: 4290 # the firewall knows this one\n');
  await updateConfig(paths, (_, document) => {
    document.setIn(['profiles', 'demo'], profileRecord(demo));
  });
  const text = await readFile(path, 'utf8');
  expect(text).toContain('# mine\n');
  expect(text).toContain('port: 4290 # the firewall knows this one');
});

test.each([
  ['a syntax error', 'settings:\n  port: [1\n', 3],
  ['a wrong value', 'profiles:\n  demo:\n    url: nonsense\n    token-from: stdin\n', 3],
  ['an unknown key', 'settings: {}\nprofils: {}\n', 2],
  ['an odd name', 'profiles:\n  "../x":\n    url: https://a.example\n    token-from: stdin\n', 2],
  ['a list', '- 1\n', 1],
])('%s is named by file, line and reason, and the file is kept', async (_, text, line) => {
  await given(text);
  const change = updateConfig(paths, (_config, document) => void document.set('current', 'x'));
  await expect(change).rejects.toMatchObject({
    message: expect.stringContaining(`${path}, line ${line}: `),
  });
  expect(await readFile(path, 'utf8')).toBe(text);
});

test('a config that others may write is refused, one that they may read is not', async () => {
  await given('current: null\n');
  await chmod(path, 0o644);
  await readConfig(paths);
  await chmod(path, 0o664);
  await expect(readConfig(paths)).rejects.toMatchObject({
    message: expect.stringContaining('mode 0664'),
  });
});

test('changes at the same time are all kept', async () => {
  const names = Array.from({ length: 10 }, (_, at) => `p${at}`);
  await Promise.all(
    names.map((name) =>
      updateConfig(paths, (_, document) => {
        document.setIn(['profiles', name], profileRecord({ ...demo, name }));
      }),
    ),
  );
  expect((await readConfig(paths)).profiles.map(({ name }) => name).sort()).toEqual(names);
});

test.each(['../x', 'a b', '', '.hidden', '-x', 'x'.repeat(64), 'x'.repeat(300), '🦊', 'a\nb', 'ä'])(
  '%j is no name',
  (name) => expect(isName(name)).toBe(false),
);

test('the nearest name is offered for one or two slips, and none for a stranger', () => {
  const known = ['production', 'staging', 'demo'];
  expect(nearestName('prodcution', known)).toBe('production');
  expect(nearestName('Staging', known)).toBe('staging');
  expect(nearestName('dem', known)).toBe('demo');
  expect(nearestName('elsewhere', known)).toBeNull();
});

const withRules = (rules: string) =>
  `profiles:\n  demo:\n    url: https://a.example\n    token-from: stdin\n    rules:\n${rules}`;

test('rules read back in their order, one glob as a list of one', async () => {
  await given(
    `${withRules('      - allow: { flag: [a, b-*] }\n      - deny: {}\n')}clients:\n  ci:\n    rules:\n      - deny: { tag: Segments }\n`,
  );
  const { profiles, clientRules } = await readConfig(paths);
  expect(profiles[0]?.rules).toEqual([
    { verdict: 'allow', flag: ['a', 'b-*'] },
    { verdict: 'deny' },
  ]);
  expect(clientRules).toEqual({ ci: [{ verdict: 'deny', tag: ['Segments'] }] });
});

test.each([
  ['constructor', 'clients:\n  ci: {}\n  constructor:\n    rules: [{ deny: {} }]\n', 3],
  ['__proto__', 'clients:\n  __proto__:\n    rules: [{ deny: {} }]\n', 2],
  ['a b', 'clients:\n  "a b":\n    rules: [{ deny: {} }]\n', 2],
  ['prototype', 'profiles:\n  prototype:\n    url: https://a.example\n', 2],
])('rules of %j are not left out without a word', async (name, text, line) => {
  await given(text);
  await expect(readConfig(paths)).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`, line ${line}: .* → ${name}: is no .* name`)),
  });
});

test('rules may be laid for callers of the socket, and of one user', async () => {
  await given('clients:\n  socket: { rules: [deny: {}] }\n  uid:1000: { rules: [deny: {}] }\n');
  expect(Object.keys((await readConfig(paths)).clientRules)).toEqual(['socket', 'uid:1000']);
});

test.each([
  ['a rule that is none', '      - {}\n', 6, 'has to be one deny or one allow'],
  ['two verdicts', '      - deny: {}\n        allow: {}\n', 6, 'has to be one deny or one allow'],
  ['no conditions', '      - deny:\n', 6, 'has to be subjects and globs'],
  [
    'a mistyped subject',
    '      - deny: {}\n      - deny:\n          enviroment: x\n',
    8,
    'did you mean "environment"',
  ],
  [
    'a mistyped operation',
    '      - deny: { operation: createFaeture }\n',
    6,
    'did you mean "createFeature"',
  ],
  ['a number', '      - deny: { flag: 2024 }\n', 6, 'has to be text in quotes'],
  ['an empty list', '      - deny: { flag: [] }\n', 6, 'none is empty'],
  ['an empty glob', '      - deny: { flag: "" }\n', 6, 'none is empty'],
  ['a star without quotes', '      - deny: { flag: * }\n', 6, 'lias'],
  ['no list', '      deny: {}\n', 5, 'has to be a list of rules'],
  ['an unknown access', '      - deny: { access: writes }\n', 6, 'did you mean "write"'],
])('%s among rules is named by line and reason', async (_, rules, line, reason) => {
  await given(withRules(rules));
  await expect(readConfig(paths)).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`, line ${line}: .*${reason}`)),
  });
});

test('docs/policy.md shows a config that reads, and the subjects that there are', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/policy.md'), 'utf8');
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  await given(example);
  const { profiles, clientRules } = await readConfig(paths);
  expect(profiles[0]?.rules).toHaveLength(3);
  expect(clientRules.terraform).toHaveLength(2);
  const [, schema = ''] = /```json\n(\{[\s\S]*?)```/.exec(page) ?? [];
  const { properties } = JSON.parse(schema).$defs.conditions;
  expect(Object.keys(properties)).toEqual([...RULE_SUBJECTS]);
});

test('plain http to another machine needs allow-http in the file too', async () => {
  const text = (url: string, more = '') =>
    `profiles:\n  demo:\n    token-from: env:X\n    url: ${url}\n${more}`;
  await given(text('http://unleash.example.com'));
  await expect(readConfig(paths)).rejects.toThrow(/line 4: profiles → demo → url: .*clear/);
  await given(text('http://unleash.example.com', '    allow-http: true\n'));
  expect((await readConfig(paths)).profiles).toMatchObject([{ allowHttp: true }]);
  for (const url of ['http://localhost:4242', 'http://[::1]:1', 'https://unleash.example.com']) {
    await given(text(url));
    expect((await readConfig(paths)).profiles).toMatchObject([{ url }]);
  }
});

test('a config.yaml that is a link is written where it leads to, and that folder keeps its mode', async () => {
  const dotfiles = join(folder, 'dotfiles');
  await mkdir(dotfiles);
  await chmod(dotfiles, 0o755);
  await writeFile(join(dotfiles, 'mine.yaml'), '# mine\n', { mode: 0o600 });
  await mkdir(dirname(path), { recursive: true });
  await symlink(join(dotfiles, 'mine.yaml'), path);
  await updateConfig(paths, (_, document) => document.set('current', 'demo'));
  expect(await readFile(join(dotfiles, 'mine.yaml'), 'utf8')).toContain('current: demo');
  expect((await stat(dotfiles)).mode & 0o777).toBe(0o755);
  expect((await lstat(path)).isSymbolicLink()).toBe(true);
});

test('rules of clients that are gone are taken out, where there are any', async () => {
  await updateConfig(paths, (_, document) => document.set('current', 'demo'));
  const before = await readFile(path, 'utf8');
  await forgetClientRules(paths, ['one']);
  expect(await readFile(path, 'utf8')).toBe(before);
  await given('clients:\n  one:\n    rules: []\n  two:\n    rules: []\n');
  await forgetClientRules(paths, ['one', 'none']);
  expect(Object.keys((await readConfig(paths)).clientRules)).toEqual(['two']);
});
