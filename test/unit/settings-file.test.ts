import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SETTING_SHAPES } from '../../extension/background/setting-shapes.ts';
import {
  readSettingsFile,
  writeSettingsFile,
} from '../../extension/background/transfer/settings-file.ts';
import { SETTINGS_FILE_LIMIT } from '../../extension/platform/settings-file-limit.ts';

const RECIPE = {
  name: 'CI',
  instanceId: null,
  kind: 'backend',
  projects: ['*'],
  environments: ['production'],
  expiresInDays: 30,
  namePattern: 'ci-{date}',
  oneEach: false,
};
const TOKEN = `user:${'a'.repeat(56)}`;
/** Spelt so that it is no token in the text, and one for whoever reads it. */
const escaped = JSON.stringify(TOKEN).replace('user:', '\\u0075ser\\u003a');
const file = (parts: object) => JSON.stringify({ product: 'tokenleash', version: 1, ...parts });
const codeOf = (text: string) => {
  const read = readSettingsFile(text);
  return read.ok ? 'ok' : read.code;
};

const settings = fc.record(
  {
    clearAfterSeconds: fc.constantFrom(10, 20, 30, 60, 120, 300, null),
    pageSecureCopy: fc.boolean(),
    expiryDays: fc.constantFrom(3, 7, 14, 30),
    theme: fc.constantFrom('system', 'light', 'dark'),
  },
  { requiredKeys: [] },
);
const instance = fc.record({
  id: fc
    .tuple(fc.stringMatching(/^[a-z]{1,12}$/), fc.constantFrom('', '/flags', ':8443/a'))
    .map(([host, rest]) => `https://${host}.example${rest}`),
  name: fc.constantFrom('Acme production', 'ümläut 世界', null),
});

describe('a settings file', () => {
  test.each([
    ['a name', `{"name":${escaped},"url":"https://a.example"}`, 'instances'],
    [
      'a pattern',
      JSON.stringify({ ...RECIPE, namePattern: '?' }).replace('"?"', escaped),
      'recipes',
    ],
    [
      'a project',
      JSON.stringify({ ...RECIPE, projects: ['?'] }).replace('"?"', escaped),
      'recipes',
    ],
    ['what nobody knows', `{${escaped}:1}`, 'other'],
  ])('that holds a token in escapes in %s is refused for it', (_, entry, part) => {
    const text = `{"product":"tokenleash","version":1,"${part}":[${entry}]}`;
    expect(text).not.toContain('user:');
    expect(codeOf(text)).toBe('file.secret');
  });

  test('that was written reads as what was written', () => {
    fc.assert(
      fc.property(settings, fc.uniqueArray(instance, { selector: ({ id }) => id }), (set, all) => {
        const wanted = { settings: set, instances: all, recipes: [] } as never;
        const read = readSettingsFile(writeSettingsFile(wanted));
        expect(read).toEqual({ ok: true, value: { ...(wanted as object), unknown: [] } });
      }),
    );
  });

  test('of any content is taken as a whole or refused in words, and holds known settings alone', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ settings: fc.anything(), instances: fc.anything(), recipes: fc.anything() })
        .map((parts) =>
          file(JSON.parse(JSON.stringify(parts, (_, v) => (typeof v === 'bigint' ? 0 : v)))),
        ),
      fc.dictionary(fc.string(), fc.jsonValue()).map((some) => file({ settings: some })),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const read = readSettingsFile(text);
        if (!read.ok) {
          expect(read.code).toMatch(/^file\./);
          expect(read.message).toContain('Nothing was changed.');
          return;
        }
        for (const key of Object.keys(read.value.settings))
          expect(SETTING_SHAPES).toHaveProperty(key);
        for (const { id } of read.value.instances) expect(id).toMatch(/^https?:\/\//);
      }),
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each([
    ['nothing', '', 'file.broken'],
    ['half of one', file({}).slice(0, -3), 'file.broken'],
    ['a list', '[]', 'file.other'],
    ['another product', '{"product":"bitwarden","version":1}', 'file.other'],
    ['no version', '{"product":"tokenleash"}', 'file.other'],
    ['a newer version', file({ version: 2 }), 'file.newer'],
    ['an older version', file({ version: 0 }), 'file.older'],
    ['too much', `${file({})}${' '.repeat(SETTINGS_FILE_LIMIT)}`, 'file.large'],
    ['nesting without end', `${'['.repeat(60_000)}`, 'file.broken'],
    [
      'deep nesting',
      file({}).replace('}', `,"more":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
      'ok',
    ],
    [
      'a prototype',
      '{"product":"tokenleash","version":1,"__proto__":{"polluted":true}}',
      'file.hostile',
    ],
    [
      'a prototype inside',
      '{"product":"tokenleash","version":1,"settings":{"constructor":{}}}',
      'file.hostile',
    ],
    [
      'a token',
      file({ instances: [{ url: 'https://a.example', name: `user:${'a'.repeat(56)}` }] }),
      'file.secret',
    ],
    ['a delay that is none', file({ settings: { clearAfterSeconds: 31 } }), 'file.value'],
    ['a switch that is a word', file({ settings: { pageSecureCopy: 'true' } }), 'file.value'],
    ['settings that are a list', file({ settings: [] }), 'file.value'],
    ['a script as an address', file({ instances: [{ url: 'javascript:alert(1)' }] }), 'file.value'],
    ['plain http', file({ instances: [{ url: 'http://a.example' }] }), 'file.value'],
    ['plain http to this machine', file({ instances: [{ url: 'http://localhost:4242' }] }), 'ok'],
    [
      'a password in an address',
      file({ instances: [{ url: 'https://a:b@a.example' }] }),
      'file.value',
    ],
    [
      'a page of the UI',
      file({ instances: [{ url: 'https://a.example/admin/api' }] }),
      'file.value',
    ],
    [
      'a name that turns round',
      file({ instances: [{ url: 'https://a.example', name: 'a\u202eb' }] }),
      'file.value',
    ],
    ['instances that are none', file({ instances: { length: 1 } }), 'file.value'],
    [
      'too many instances',
      file({ instances: Array(101).fill({ url: 'https://a.example' }) }),
      'file.long',
    ],
    ['a recipe', file({ recipes: [RECIPE] }), 'ok'],
    [
      'a recipe with a part too many',
      file({ recipes: [{ ...RECIPE, secret: 'x' }] }),
      'file.value',
    ],
    ['a recipe of another kind', file({ recipes: [{ ...RECIPE, kind: 'root' }] }), 'file.value'],
    [
      'a recipe for a script',
      file({ recipes: [{ ...RECIPE, instanceId: 'javascript:1' }] }),
      'file.value',
    ],
    ['a mark of byte order', `\ufeff${file({})}`, 'ok'],
  ])('with %s is judged', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  test('says where a wrong value stands, and names what it does not know', () => {
    const wrong = readSettingsFile(file({ settings: { expiryDays: 8 } }));
    expect(wrong.ok ? '' : wrong.message).toContain('settings.expiryDays');
    const third = readSettingsFile(
      file({ instances: [{ url: 'https://a.example' }, { url: 'https://b.example' }, {}] }),
    );
    expect(third.ok ? '' : third.message).toContain('instances[2]');
    const later = readSettingsFile(file({ settings: { pageConfetti: true }, sounds: [] }));
    expect(later.ok && later.value.unknown).toEqual(['sounds', 'pageConfetti']);
  });
});
