import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { parseSync } from 'rolldown/utils';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import {
  COPY_FORMAT_IDS,
  COPY_FORMATS,
  type CopyFacts,
  type CopyFormatId,
  type CopyKind,
  copyText,
  formatsFor,
} from '../../shared/token/copy-as/formats.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const BASE = 'https://unleash.example.com/flags';
const BACKEND = `*:production.${'a'.repeat(56)}`;

const facts = (kind: CopyKind, more: Partial<CopyFacts> = {}): CopyFacts => ({
  kind,
  baseUrl: BASE,
  name: 'ci',
  ...more,
});

function textOf(token: string, about: CopyFacts, id: CopyFormatId): string {
  const made = copyText(token, about, id);
  if (!made.ok) throw new Error(`${id}: ${made.problem}`);
  return made.text;
}

describe('the formats', () => {
  const sdks = ['node', 'python', 'java', 'go', 'dotnet', 'ruby', 'php', 'rust'];
  const always = ['plain', 'authorization-header', 'dotenv', 'curl'];
  const last = ['kubernetes-secret', 'gh-secret-set', 'terraform-variables'];

  test('are the files of their folder, one each', () => {
    const files = readdirSync(resolve(ROOT, 'shared/token/copy-as'), { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'formats.ts')
      .map(({ name }) => name.replace(/\.ts$/, ''));
    expect([...COPY_FORMAT_IDS].sort()).toEqual(files.sort());
    expect(COPY_FORMAT_IDS).toHaveLength(17);
  });

  test('stand in docs/copy-formats.md, each with its file and the kinds that it is for', () => {
    const docs = readFileSync(resolve(ROOT, 'docs/copy-formats.md'), 'utf8');
    const rows = [...docs.matchAll(/^\| ([^|]+) \| `([a-z-]+)\.ts` \| ([a-z, ]+) \|/gm)].map(
      ([, label, id, kinds]) => ({ label, id, kinds }),
    );
    expect(rows).toEqual(
      COPY_FORMATS.map(({ label, id, kinds }) => ({ label, id, kinds: kinds.join(', ') })),
    );
  });

  test.each<[CopyKind, string[]]>([
    ['backend', [...always, ...sdks.map((sdk) => `sdk-${sdk}`), 'sdk-nextjs', ...last]],
    ['frontend', [...always, 'sdk-react', 'sdk-nextjs', ...last]],
    ['personal', [...always, ...last]],
    ['admin', [...always, ...last]],
  ])('that make sense for a %s token are offered, and no others', (kind, ids) => {
    expect(formatsFor(kind).map(({ id }) => id)).toEqual(ids);
    for (const id of COPY_FORMAT_IDS) {
      expect(copyText(BACKEND, facts(kind), id).ok, id).toBe(ids.includes(id));
    }
  });

  test.each<[CopyKind, string, string]>([
    ['backend', `${BASE}/api`, `${BASE}/api/client/features`],
    ['frontend', `${BASE}/api/frontend`, `${BASE}/api/frontend`],
    ['personal', BASE, `${BASE}/api/admin/projects`],
    ['admin', BASE, `${BASE}/api/admin/projects`],
  ])(
    'give a %s token the address that it is good for, below the base path',
    (kind, program, curl) => {
      expect(textOf(BACKEND, facts(kind), 'dotenv')).toContain(`URL=${program}\n`);
      expect(textOf(BACKEND, facts(kind), 'curl')).toMatch(new RegExp(` '${curl}'$`));
      expect(textOf(BACKEND, facts(kind), 'terraform-variables')).toContain(`= "${program}"\n`);
    },
  );

  test.each([
    ['a line break in the token', 'token', 'a\nX-Other: b', BASE],
    ['a space in the token', 'token', 'a b', BASE],
    ['an empty token', 'token', '', BASE],
    ['a letter that no header can carry', 'token', 'tökén', BASE],
    ['no address', 'address', BACKEND, 'unleash'],
    ['an address of another scheme', 'address', BACKEND, 'ftp://unleash.example.com'],
    ['an address with a query', 'address', BACKEND, `${BASE}?x=1`],
    ['an address with a password', 'address', BACKEND, 'https://a:b@unleash.example.com'],
  ])('refuse %s', (_, problem, token, baseUrl) => {
    for (const { id } of formatsFor('backend')) {
      expect(copyText(token, facts('backend', { baseUrl }), id)).toEqual({ ok: false, problem });
    }
  });
});

/** Anything that an HTTP header can carry: far more than any Unleash has ever issued. */
const anyToken = fc.stringMatching(/^[\x21-\x7e]{1,80}$/);
const anyBaseUrl = fc
  .tuple(
    fc.constantFrom('https://unleash.example.com', 'http://[::1]:4242', 'https://ünleash.example'),
    fc.array(fc.stringMatching(/^[^/?#\\\s.]{1,12}$/u), { maxLength: 3 }),
  )
  .map(([origin, path]) => [origin, ...path].join('/'));
const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ maxLength: 500 }),
);
const anyCase = fc.record({ token: anyToken, baseUrl: anyBaseUrl, name: anyName });
type Case = { token: string; baseUrl: string; name: string };

const asciiUrl = (text: string) => new URL(text).href.replace(/\/+$/, '');

/** One process for many cases: a shell each would take minutes. */
const manyCases = fc.array(anyCase, { minLength: 40, maxLength: 40 });

function inShell(shell: string, script: string): string[] {
  const { stdout, stderr, status } = spawnSync(shell, ['-s'], { input: script, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\0').slice(0, -1);
}

const SHELLS = ['sh', 'bash', 'zsh'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

describe.each(SHELLS)('for any token, name and address, in %s', (shell) => {
  test('.env is read as what it holds', () => {
    fc.assert(
      fc.property(manyCases, (cases) => {
        const script = cases.map(
          (one) =>
            `${textOf(one.token, facts('personal', one), 'dotenv')}printf '%s\\0%s\\0' "$UNLEASH_URL" "$UNLEASH_AUTH_TOKEN"\n`,
        );
        expect(inShell(shell, script.join(''))).toEqual(
          cases.flatMap(({ baseUrl, token }) => [asciiUrl(baseUrl), token]),
        );
      }),
      { numRuns: 5 },
    );
  });

  test('curl gets the token by its input, and the address as its argument', () => {
    const fake = `curl() { printf '%s\\0' "$#"; printf '%s\\0' "$@"; cat; printf '\\0'; }\n`;
    fc.assert(
      fc.property(manyCases, (cases) => {
        const lines = cases.map((one) => textOf(one.token, facts('backend', one), 'curl'));
        const expected = cases.flatMap(({ token, baseUrl }) => {
          const url = `${asciiUrl(baseUrl)}/api/client/features`;
          const options = /[[\]{}]/.test(url)
            ? ['--globoff', '--header', '@-']
            : ['--header', '@-'];
          const words = [...options, url];
          return [String(words.length), ...words, `Authorization: ${token}\n`];
        });
        expect(inShell(shell, `${fake}${lines.join('\n')}\n`)).toEqual(expected);
      }),
      { numRuns: 5 },
    );
  });

  test('gh gets the secret by its input, and nothing but the name of a variable as its argument', () => {
    const fake = `gh() { printf '%s\\0' "$*"; cat; printf '\\0'; }\n`;
    fc.assert(
      fc.property(manyCases, (cases) => {
        const lines = cases.map((one) =>
          textOf(one.token, facts('frontend', one), 'gh-secret-set'),
        );
        expect(inShell(shell, `${fake}${lines.join('\n')}\n`)).toEqual(
          cases.flatMap(({ token }) => ['secret set UNLEASH_FRONTEND_API_TOKEN', token]),
        );
      }),
      { numRuns: 5 },
    );
  });
});

/** Every literal in one kind of quotes, with none but the escapes that all of these languages share. */
function literalsOf(text: string, quote: '"' | "'"): string[] {
  const inside = quote === '"' ? /"((?:[^"\\\n]|\\["\\])*)"/g : /'((?:[^'\\\n]|\\['\\])*)'/g;
  return [...text.matchAll(inside)].map(([, raw = '']) => raw.replace(/\\(.)/g, '$1'));
}

const QUOTES: Partial<Record<CopyFormatId, '"' | "'">> = { 'sdk-ruby': "'", 'sdk-php': "'" };
const SDKS: [CopyFormatId, CopyKind, string][] = [
  ['sdk-node', 'backend', '/api'],
  ['sdk-python', 'backend', '/api'],
  ['sdk-java', 'backend', '/api'],
  ['sdk-go', 'backend', '/api/'],
  ['sdk-dotnet', 'backend', '/api/'],
  ['sdk-ruby', 'backend', '/api'],
  ['sdk-php', 'backend', '/api'],
  ['sdk-rust', 'backend', '/api'],
  ['sdk-react', 'frontend', '/api/frontend'],
];

describe('for any token, name and address', () => {
  const forAny = (check: (one: Case) => void) => fc.assert(fc.property(anyCase, check));

  test('a header is the header and nothing more', () => {
    forAny((one) => {
      const text = textOf(one.token, facts('admin', one), 'authorization-header');
      const headers = new Headers([text.split(/: (.*)/s).slice(0, 2) as [string, string]]);
      expect([...headers]).toEqual([['authorization', one.token]]);
    });
  });

  test('.env is read by Node as well, where quotes inside quotes leave it a way', () => {
    forAny((one) => {
      fc.pre(!(one.token + one.baseUrl).includes("'"));
      expect(parseEnv(textOf(one.token, facts('backend', one), 'dotenv'))).toEqual({
        UNLEASH_SERVER_API_URL: `${asciiUrl(one.baseUrl)}/api`,
        UNLEASH_SERVER_API_TOKEN: one.token,
      });
    });
  });

  test('a Kubernetes Secret is YAML, with a name that Kubernetes takes', () => {
    forAny((one) => {
      const secret = parseYaml(textOf(one.token, facts('personal', one), 'kubernetes-secret'));
      expect(secret).toMatchObject({ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' });
      expect(secret.metadata.name).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
      expect(Object.keys(secret.data)).toEqual(['UNLEASH_URL', 'UNLEASH_AUTH_TOKEN']);
      expect(Object.values(secret.data).map((value) => atob(String(value)))).toEqual([
        asciiUrl(one.baseUrl),
        one.token,
      ]);
    });
  });

  test('Terraform variables are strings of HCL without a template in them', () => {
    forAny((one) => {
      const lines = textOf(one.token, facts('admin', one), 'terraform-variables').split('\n');
      expect(lines.pop()).toBe('');
      const read = lines.map((line) => {
        // Strict: `$` and `%` before a brace come twice, and `"` and `\` come after a `\`.
        const [, name, raw = ''] =
          /^([a-z_]+) += "((?:[^"\\$%]|\\["\\]|\$\$(?=\{)|%%(?=\{)|[$%](?!\{|[$%]\{))*)"$/.exec(
            line,
          ) ?? [];
        expect(name, line).toBeDefined();
        return [name, raw.replace(/([$%])\1(?=\{)/g, '$1').replace(/\\(.)/g, '$1')];
      });
      expect(read).toEqual([
        ['unleash_url', asciiUrl(one.baseUrl)],
        ['unleash_auth_token', one.token],
      ]);
    });
  });

  test.each(SDKS)('%s has the three texts as literals of its language', (id, kind, path) => {
    forAny((one) => {
      const text = textOf(one.token, facts(kind, one), id);
      const usual = literalsOf(
        textOf('TOKEN', facts(kind, { name: 'NAME' }), id),
        QUOTES[id] ?? '"',
      );
      const literals = literalsOf(text, QUOTES[id] ?? '"');
      // The name as the other texts of the same set-up have it: a word for a header.
      const name = literals[usual.indexOf('NAME')] ?? '';
      expect(name).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/);
      const values = new Map([
        ['TOKEN', one.token],
        ['NAME', name],
        [`${BASE}${path}`, `${asciiUrl(one.baseUrl)}${path}`],
      ]);
      expect(usual.filter((literal) => values.has(literal))).toHaveLength(3);
      expect(literals).toEqual(usual.map((literal) => values.get(literal) ?? literal));
    });
  });

  test.each<[CopyFormatId, CopyKind, 'js' | 'jsx']>([
    ['sdk-node', 'backend', 'js'],
    ['sdk-react', 'frontend', 'jsx'],
  ])('%s is a module without a mistake', (id, kind, lang) => {
    forAny((one) => {
      const { errors } = parseSync(`set-up.${lang}`, textOf(one.token, facts(kind, one), id), {
        lang,
        sourceType: 'module',
      });
      expect(errors).toEqual([]);
    });
  });

  test('the name makes no line of its own in any format', () => {
    forAny((one) => {
      for (const kind of ['backend', 'frontend', 'personal'] as const) {
        for (const { id } of formatsFor(kind)) {
          const lines = textOf(one.token, facts(kind, one), id).split(
            /\r\n|[\n\r\u2028\u2029]/,
          ).length;
          expect(lines, id).toBe(textOf(BACKEND, facts(kind), id).split('\n').length);
        }
      }
    });
  });
});

describe('a real token', () => {
  test.each([
    ['of all projects', BACKEND],
    ['of several', `[]:development.${'b'.repeat(56)}`],
    ['of secure storage', `checkout:production.v2_${'e'.repeat(22)}_${'f'.repeat(43)}`],
    ['of a person', `user:${'c'.repeat(56)}`],
  ])('%s stands bare in .env, as Docker wants it', (_, token) => {
    expect(textOf(token, facts('backend'), 'dotenv')).toBe(
      `UNLEASH_SERVER_API_URL=${BASE}/api\nUNLEASH_SERVER_API_TOKEN=${token}\n`,
    );
  });
});
