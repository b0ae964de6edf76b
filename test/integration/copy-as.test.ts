import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse as parseYaml } from 'yaml';
import {
  type CopyFacts,
  type CopyFormatId,
  type CopyKind,
  copyText,
} from '../../shared/token/copy-as/formats.ts';
import { prepareTools } from '../real-tools/tools.ts';
import { startUnleash, type Unleash } from '../real-unleash/index.ts';

/** Installing comes on top, the first time. */
const SET_UP_MS = 600_000;
/** Unleash writes down every 5 s which applications have registered; the rest is for a busy machine. */
const REGISTERED_WITHIN_MS = 60_000;

const KINDS: readonly CopyKind[] = ['backend', 'frontend', 'personal', 'admin'];

/** Marks that mean something in one language or the other. */
const HOSTILE = {
  token: `a"b'c\\d$e\${f}%{g}#{h}$$\${i}?>\`j\`!;&|*~\\`,
  baseUrl: "https://unleash.example.com/it's/$(x)/[y]/&z",
  name: 'a "b"\n# c',
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tokenleash-copy-as-'));
  await prepareTools(folder, (line) => process.stderr.write(`${line}\n`));
}, SET_UP_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

function textOf(token: string, facts: CopyFacts, id: CopyFormatId): string {
  const made = copyText(token, facts, id);
  if (!made.ok) throw new Error(`${id}: ${made.problem}`);
  return made.text;
}

const hostile = (kind: CopyKind, id: CopyFormatId) =>
  textOf(HOSTILE.token, { kind, ...HOSTILE }, id);

/** A folder of its own for one test, beside the libraries. */
function fresh(files: Record<string, string>): string {
  const own = mkdtempSync(join(folder, 'one-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(own, name, '..'), { recursive: true });
    writeFileSync(join(own, name), text);
  }
  return own;
}

function run(program: string, words: string[], options: Parameters<typeof spawnSync>[2] = {}) {
  const { stdout, stderr, status, error } = spawnSync(program, words, {
    ...options,
    encoding: 'utf8',
  });
  if (error) throw error;
  return { stdout, stderr, status };
}

/** What a program printed that ended well. */
function printed(program: string, words: string[], options: Parameters<typeof spawnSync>[2] = {}) {
  const { stdout, stderr, status } = run(program, words, options);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

function isThere(program: string, ...words: string[]): boolean {
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0;
}

/** A test for where a program is there; elsewhere there is none, as of a tool that this machine does not have. */
const testWith = (program: string, ...words: string[]): typeof test =>
  isThere(program, ...words) ? test : ((() => undefined) as unknown as typeof test);

/** Prints the status and nothing else of what the copied text asks for. */
const STATUS_ALONE = `curl() { command curl --silent --output /dev/null --write-out '%{http_code}' "$@"; }\n`;

describe.each([
  ['at the root of its host', ''],
  ['below a base path', '/flags'],
])('Unleash 8.2.0 %s', (_, basePath) => {
  let unleash: Unleash;
  const tokens = {} as Record<CopyKind, string>;

  beforeAll(async () => {
    unleash = await startUnleash({ basePath });
    tokens.personal = (await unleash.createPat('copied')).secret;
    // Unleash 8 makes no admin tokens; a person's is good for the same requests.
    tokens.admin = tokens.personal;
    tokens.backend = await apiToken('client');
    tokens.frontend = await apiToken('frontend');
  }, SET_UP_MS);
  afterAll(() => unleash?.stop());

  async function apiToken(type: string): Promise<string> {
    const answer = await fetch(`${unleash.url}/api/admin/api-tokens`, {
      method: 'POST',
      headers: { authorization: tokens.personal, 'content-type': 'application/json' },
      body: JSON.stringify({
        tokenName: `copied ${type}`,
        type,
        environment: 'development',
        projects: ['*'],
      }),
    });
    const { secret } = await answer.json();
    return secret;
  }

  const copied = (kind: CopyKind, id: CopyFormatId, name = 'copied') =>
    textOf(tokens[kind], { kind, baseUrl: unleash.url, name }, id);

  /** What the API of a program's address answers to the token that came with it. */
  async function statusOf(kind: CopyKind, url = '', token = ''): Promise<number> {
    const path = { backend: '/client/features', frontend: '', personal: '/api/admin/projects' };
    const asked = `${url}${path[kind === 'admin' ? 'personal' : kind]}`;
    return (await fetch(asked, { headers: { authorization: token } })).status;
  }

  test.each(KINDS)('answers 200 to the curl line of a %s token', (kind) => {
    const line = copied(kind, 'curl');
    expect(printed('sh', ['-s'], { input: `${STATUS_ALONE}${line}\n` })).toBe('200');
    const other = line.replace(/[0-9a-f]{8}(?=[^0-9a-f])/, '00000000');
    expect(other).not.toBe(line);
    expect(printed('sh', ['-s'], { input: `${STATUS_ALONE}${other}\n` })).toBe('401');
  });

  test.each(KINDS)('answers 200 to the Authorization header of a %s token', async (kind) => {
    const [, url = ''] = / '(\S+)'$/.exec(copied(kind, 'curl')) ?? [];
    const [name = '', value = ''] = copied(kind, 'authorization-header').split(': ');
    expect((await fetch(url, { headers: { [name]: value } })).status).toBe(200);
  });

  test.each(KINDS)('answers 200 to a shell that has read the .env of a %s token', (kind) => {
    const cwd = fresh({ '.env': copied(kind, 'dotenv') });
    const [url, token] = variables(copied(kind, 'dotenv'));
    const path = { backend: '/client/features', frontend: '', personal: '/api/admin/projects' };
    const asked = `"$${url}${path[kind === 'admin' ? 'personal' : kind]}"`;
    const script = `set -a; . ./.env; printf 'Authorization: %s\\n' "$${token}" | curl -H @- ${asked}`;
    expect(printed('sh', ['-c', STATUS_ALONE + script], { cwd })).toBe('200');
  });

  /** The names in a text of `NAME=value` lines. */
  const variables = (text: string) => [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);

  test('lets the Node SDK connect that its text sets up, and lists it as an application', async () => {
    const script = `${copied('backend', 'sdk-node', 'Copied app')}console.log('connected');\n`;
    const cwd = fresh({ 'set-up.mjs': script });
    const child = spawn(process.execPath, ['set-up.mjs'], { cwd });
    try {
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          said += text;
        });
      }
      await vi.waitFor(() => expect(said).toBe('connected\n'), { timeout: REGISTERED_WITHIN_MS });
      await vi.waitFor(
        async () => {
          const answer = await fetch(`${unleash.url}/api/admin/metrics/applications`, {
            headers: { authorization: tokens.personal },
          });
          const { applications } = await answer.json();
          expect(applications).toContainEqual(expect.objectContaining({ appName: 'Copied-app' }));
        },
        { timeout: REGISTERED_WITHIN_MS, interval: 500 },
      );
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('lets the client below the React SDK connect with the settings of its text', () => {
    const [settings] = /^const config = \{.*?^\};$/ms.exec(copied('frontend', 'sdk-react')) ?? [];
    const script = `import { UnleashClient } from 'unleash-proxy-client';
      ${settings}
      const client = new UnleashClient({ ...config, disableMetrics: true, refreshInterval: 0 });
      client.on('error', (error) => { console.log(error); process.exit(1); });
      client.on('ready', () => { console.log('connected'); process.exit(0); });
      await client.start();`;
    const cwd = fresh({ 'set-up.mjs': script });
    expect(printed(process.execPath, ['set-up.mjs'], { cwd, timeout: 60_000 })).toBe('connected\n');
  });

  test.each([
    ['backend', ''],
    ['frontend', 'NEXT_PUBLIC_'],
  ] as const)('answers 200 to what Next.js reads for a %s token', async (kind, prefix) => {
    const env = nextEnvironment(copied(kind, 'sdk-nextjs'));
    const api = kind === 'backend' ? 'SERVER' : 'FRONTEND';
    const [url, token] = ['URL', 'TOKEN'].map((what) => env[`${prefix}UNLEASH_${api}_API_${what}`]);
    expect(await statusOf(kind, url, token)).toBe(200);
    expect(env[`${prefix}UNLEASH_APP_NAME`]).toBe('copied');
  });

  test.each(KINDS)('answers 200 to what a Kubernetes Secret holds of a %s token', async (kind) => {
    const { data } = parseYaml(copied(kind, 'kubernetes-secret'));
    const [url, token] = Object.values(data).map((value) => atob(String(value)));
    expect(await statusOf(kind, url, token)).toBe(200);
  });

  test.each(KINDS)('answers 200 to the Terraform variables of a %s token', async (kind) => {
    const read = Object.entries(await hclVariables(copied(kind, 'terraform-variables')));
    const [url, token] = ['_url', '_token'].map(
      (end) => read.find(([name]) => name.endsWith(end))?.[1],
    );
    expect(await statusOf(kind, url, token)).toBe(200);
  });

  test.each(KINDS)('answers 200 to the secret that gh was given of a %s token', async (kind) => {
    const { name, secret } = ghSecret(copied(kind, 'gh-secret-set'));
    expect(name).toMatch(/_TOKEN$/);
    const [, url] = /URL=(\S+)/.exec(copied(kind, 'dotenv')) ?? [];
    expect(await statusOf(kind, url, secret)).toBe(200);
  });
});

/** As Next.js reads a `.env.local`. */
function nextEnvironment(text: string): Record<string, string> {
  const cwd = fresh({
    '.env.local': text,
    'read.cjs': `const { loadEnvConfig } = require('@next/env');
      const { combinedEnv } = loadEnvConfig(__dirname, false, { info() {}, error: console.error });
      const ours = Object.entries(combinedEnv).filter(([name]) => name.includes('UNLEASH_'));
      console.log(JSON.stringify(Object.fromEntries(ours)));`,
  });
  // In a test, Next.js leaves .env.local alone.
  const env = { ...process.env, NODE_ENV: 'production' };
  return JSON.parse(printed(process.execPath, ['read.cjs'], { cwd, env }));
}

/** By HashiCorp's parser; its answer is Terraform's JSON, where a template is still written as one. */
async function hclVariables(text: string): Promise<Record<string, string>> {
  const { parse } = createRequire(pathToFileURL(join(folder, 'x.cjs')))('@cdktf/hcl2json');
  const read: Record<string, string> = await parse('copied.tfvars', text);
  return Object.fromEntries(
    Object.entries(read).map(([name, value]) => [name, value.replace(/([$%])\1(?=\{)/g, '$1')]),
  );
}

/** What the stand-in for gh was given on its input; it fails on anything that is too much. */
function ghSecret(line: string): { name: string; secret: string } {
  const cwd = fresh({ 'secrets/.keep': '' });
  mkdirSync(join(cwd, 'bin'));
  copyFileSync(join(import.meta.dirname, '../real-tools/gh.sh'), join(cwd, 'bin/gh'));
  chmodSync(join(cwd, 'bin/gh'), 0o755);
  const env = {
    ...process.env,
    PATH: `${join(cwd, 'bin')}:${process.env.PATH}`,
    GH_SECRETS: join(cwd, 'secrets'),
  };
  printed('sh', ['-s'], { cwd, env, input: `${line}\n` });
  const name = line.split(' ').at(-1) ?? '';
  return { name, secret: readFileSync(join(cwd, 'secrets', name), 'utf8') };
}

describe('marks that mean something elsewhere', () => {
  const url = new URL(HOSTILE.baseUrl).href;

  test('reach gh as they are', () => {
    expect(ghSecret(hostile('personal', 'gh-secret-set')).secret).toBe(HOSTILE.token);
  });

  test('reach Next.js as they are, but for a backslash before a dollar', () => {
    const facts = { kind: 'backend', baseUrl: HOSTILE.baseUrl, name: 'x' } as const;
    const token = HOSTILE.token.replaceAll('`', '');
    const env = nextEnvironment(textOf(token, facts, 'sdk-nextjs'));
    expect(env).toMatchObject({
      UNLEASH_SERVER_API_URL: `${url}/api`,
      UNLEASH_SERVER_API_TOKEN: token,
    });
  });

  test('are read by dotenv as they are, but for a quote inside quotes', () => {
    const { parse } = createRequire(pathToFileURL(join(folder, 'x.cjs')))('dotenv');
    const facts = { kind: 'backend', baseUrl: HOSTILE.baseUrl, name: 'x' } as const;
    const token = HOSTILE.token.replaceAll("'", '');
    const base = HOSTILE.baseUrl.replace("'", '');
    expect(parse(textOf(token, { ...facts, baseUrl: base }, 'dotenv'))).toEqual({
      UNLEASH_SERVER_API_URL: `${url.replace("'", '')}/api`,
      UNLEASH_SERVER_API_TOKEN: token,
    });
  });

  test('stand in Terraform variables as they are, by HashiCorp’s parser', async () => {
    expect(await hclVariables(hostile('admin', 'terraform-variables'))).toEqual({
      unleash_url: url,
      unleash_auth_token: HOSTILE.token,
    });
  });

  testWith('terraform', 'version')(
    'are what terraform reads, and fmt has nothing to change',
    () => {
      const cwd = fresh({
        'copied.tfvars': hostile('personal', 'terraform-variables'),
        'main.tf': 'variable "unleash_url" {}\n\nvariable "unleash_auth_token" {}\n',
      });
      const read = printed('terraform', ['console', '-no-color', '-var-file=copied.tfvars'], {
        cwd,
        input: 'base64encode(jsonencode([var.unleash_url, var.unleash_auth_token]))\n',
      });
      const encoded = /"([A-Za-z0-9+/=]+)"/.exec(read)?.[1] ?? '';
      expect(JSON.parse(Buffer.from(encoded, 'base64').toString())).toEqual([url, HOSTILE.token]);
      printed('terraform', ['fmt', '-check', '-diff', 'copied.tfvars'], { cwd });
    },
  );

  testWith(
    'kubectl',
    'version',
    '--client',
  )('are what kubectl takes for a Secret', () => {
    const cwd = fresh({ 'secret.yaml': hostile('personal', 'kubernetes-secret') });
    // `--local` asks no cluster.
    const words = ['label', '--local', '-f', 'secret.yaml', 'seen=yes', '-o', 'json'];
    const { kind, type, metadata, data } = JSON.parse(printed('kubectl', words, { cwd }));
    expect({ kind, type, name: metadata.name }).toEqual({
      kind: 'Secret',
      type: 'Opaque',
      name: 'a-b-c',
    });
    expect(atob(data.UNLEASH_AUTH_TOKEN)).toBe(HOSTILE.token);
    expect(atob(data.UNLEASH_URL)).toBe(url);
  });

  testWith('python3', '--version')('are what Python hands to its SDK', () => {
    const cwd = fresh({
      'set_up.py': hostile('backend', 'sdk-python'),
      'UnleashClient.py': `import json
class UnleashClient:
    def __init__(self, url, app_name, custom_headers):
        self.given = [url, app_name, custom_headers]
    def initialize_client(self):
        print(json.dumps(self.given))
`,
    });
    expect(JSON.parse(printed('python3', ['set_up.py'], { cwd }))).toEqual([
      `${url}/api`,
      'a-b-c',
      { Authorization: HOSTILE.token },
    ]);
  });

  testWith('javac', '-version')('are what Java hands to its SDK', () => {
    const builder = ['appName', 'unleashAPI', 'apiKey']
      .map(
        (name) => `public Builder ${name}(String text) { System.out.println(text); return this; }`,
      )
      .join('\n');
    const cwd = fresh({
      'SetUp.java': `${hostile('backend', 'sdk-java')}
        class SetUp { public static void main(String[] words) { FeatureFlags.UNLEASH.hashCode(); } }`,
      'io/getunleash/Unleash.java': 'package io.getunleash; public interface Unleash {}',
      'io/getunleash/DefaultUnleash.java': `package io.getunleash;
        public class DefaultUnleash implements Unleash {
          public DefaultUnleash(io.getunleash.util.UnleashConfig config) {}
        }`,
      'io/getunleash/util/UnleashConfig.java': `package io.getunleash.util;
        public class UnleashConfig {
          public static Builder builder() { return new Builder(); }
          public static class Builder { ${builder} public UnleashConfig build() { return new UnleashConfig(); } }
        }`,
    });
    printed('javac', ['-Xlint:all', '-Werror', 'SetUp.java'], { cwd });
    expect(printed('java', ['-cp', '.', 'SetUp'], { cwd })).toBe(
      `a-b-c\n${url}/api\n${HOSTILE.token}\n`,
    );
  });

  testWith('rustfmt', '--version')('stand in Rust that rustfmt leaves as it is', () => {
    const cwd = fresh({ 'main.rs': hostile('backend', 'sdk-rust') });
    expect(run('rustfmt', ['--check', '--edition', '2021', 'main.rs'], { cwd })).toEqual({
      stdout: '',
      stderr: '',
      status: 0,
    });
  });
});
