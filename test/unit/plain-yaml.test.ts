import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { readPlainYaml } from '../../proxy/profiles/plain-yaml.ts';

const WRITTEN = `# Tokenleash: which Unleash servers there are.

version: 1
settings:
  port: 4290
  read-only: true
profiles:
  demo:
    url: https://unleash.example.com:8443/base
    access: write
    # Where it lies.
    token-from: file:/home/a/token
    unattended: true
  second.one:
    url: http://127.0.0.1:4242
current: demo
`;

test('what the program writes is read without a YAML library', () => {
  expect(readPlainYaml(WRITTEN)).toEqual(parseDocument(WRITTEN).toJS());
  expect(readPlainYaml('')).toEqual({});
});

test.each([
  ['a key twice', 'a: b\na: c'],
  ['a key that every object has', 'clients:\n  constructor: x'],
  ['a key that valibot drops', 'clients:\n  prototype: x'],
  ['a key without a value', 'a:\nb: c'],
  ['a key without a value at the end', 'b: c\na:'],
  ['a line that is deeper than its key allows', 'a: b\n  c: d'],
  ['two steps of indentation at once', 'a:\n    b: c'],
  ['a list', 'a:\n  - b'],
  ['a map in brackets', 'a: {}'],
  ['quotes', 'a: "b"'],
  ['a comment behind a value', 'a: b # c'],
  ['an anchor', 'a: &b c'],
  ['a number that is no whole one', 'a: 1.5'],
  ['an octal number', 'a: 010'],
  ['a word that stands for nothing', 'a: null'],
  ['a word that an older YAML knows', 'a: yes'],
  ['true as a key', 'true: b'],
  ['text of two words', 'a: b c'],
  ['a tab', 'a:\tb'],
  ['a line end of Windows', 'a: b\r\nc: d'],
  ['a second document', 'a: b\n---\na: c'],
  ['a control character in a comment', '# \u0007\na: b'],
])('%s is left to the YAML library', (_, text) => {
  expect(readPlainYaml(text)).toBeNull();
});

const LINES = fc.stringMatching(
  /^(?: {0,5}|\t)(?:#.{0,4}|[A-Za-z0-9._~'"-]{0,3}:?) ?(?:[A-Za-z0-9/.:@+~'"#&*{}[\]|>%-]{0,5}|true|null|Null|https:\/\/a)(?: #?)?\r?$/,
);
const PLAIN_LINES = fc.stringMatching(
  /^(?: {2}){0,3}[a-c]:(?: (?:[a-z/:]{1,3}|true|[0-9]{1,3}))?$/,
);

test('whatever it reads, it reads as the YAML library does', () => {
  let read = 0;
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 1, arbitrary: LINES }, { weight: 3, arbitrary: PLAIN_LINES }), {
        maxLength: 6,
      }),
      (lines) => {
        const text = lines.join('\n');
        const plain = readPlainYaml(text);
        if (plain === null) return;
        read += 1;
        const document = parseDocument(text);
        expect(document.errors).toEqual([]);
        expect(plain).toEqual(document.toJS() ?? {});
      },
    ),
    { numRuns: 5_000 },
  );
  // Or the property would say nothing.
  expect(read).toBeGreaterThan(200);
});
