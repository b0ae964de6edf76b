import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command, CommandTable } from '../../proxy/commands/command.ts';
import { readPlainWords } from '../../proxy/plain-words.ts';
import { createProgram } from '../../proxy/program.ts';

const runs = async () => 0;
const OPTIONS = [
  { flags: '--json', description: '' },
  { flags: '--read-only', description: '' },
  { flags: '--port <port>', description: '' },
];
const COMMANDS: Record<string, Command<never>> = {
  start: { options: OPTIONS, run: runs },
  'profile add': {
    options: OPTIONS,
    arguments: [
      { name: 'name', description: '', required: true },
      { name: 'other', description: '', required: false },
    ],
    run: runs,
  },
  run: {
    options: OPTIONS,
    arguments: [{ name: 'command', description: '', required: true, variadic: true }],
    run: runs,
  },
};
const TABLE: CommandTable = Object.fromEntries(
  Object.entries(COMMANDS).map(([name, command]) => [name, ['', async () => ({ command })]]),
);

/** What commander makes of it, or null where it finds something wrong. */
async function byCommander(name: string, words: readonly string[]) {
  const program = await createProgram(TABLE, [name]);
  let made = program;
  for (const word of name.split(' '))
    made = made.commands.find((each) => each.name() === word) ?? made;
  const found: { flags: object; values: unknown[] }[] = [];
  made.action(() => {
    found.push({ flags: made.opts(), values: made.processedArgs });
  });
  for (const each of [program, ...program.commands, made])
    each.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  await program.parseAsync(words, { from: 'user' }).catch(() => undefined);
  return found[0] ?? null;
}

test.each([
  [['start', '--port', '0', '--json'], { port: '0', json: true }, []],
  [['profile', 'add', 'demo', '--read-only'], { readOnly: true }, ['demo']],
  [['run', '--port', '1', '--', 'sh', '-c', '--json'], { port: '1' }, [['sh', '-c', '--json']]],
])('%j is read without commander', (words, flags, values) => {
  const name = words[0] === 'profile' ? 'profile add' : (words[0] ?? '');
  expect(readPlainWords(name, COMMANDS[name] as Command<never>, words)).toEqual({ flags, values });
});

test.each([
  ['start --help'],
  ['start --prot 1'],
  ['start --port'],
  ['start --port=1'],
  ['start --port --json'],
  ['start --json --json'],
  ['start -- x'],
  ['start x'],
  ['start -h'],
  ['--json start'],
  ['profile add'],
  ['profile add a b c'],
  ['run true'],
  ['run --'],
])('%s is left to commander', (line) => {
  const words = line.split(' ');
  const name = words[0] === 'profile' ? 'profile add' : 'run' === words[0] ? 'run' : 'start';
  expect(readPlainWords(name, COMMANDS[name] as Command<never>, words)).toBeNull();
});

const WORD = fc.constantFrom(
  ...['--json', '--read-only', '--port', '--', '-', '', 'a', 'b', '-p', '--help', '--port=1', '0'],
);

test('whatever is read without commander, commander reads alike', async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('start', 'profile add', 'run'),
      fc.array(WORD, { maxLength: 5 }),
      async (name, more) => {
        const words = [...name.split(' '), ...more];
        const plain = readPlainWords(name, COMMANDS[name] as Command<never>, words);
        if (plain === null) return;
        read += 1;
        const theirs = await byCommander(name, words);
        expect(theirs?.flags).toEqual(plain.flags);
        // A place that may stay empty has no value there, and none here.
        expect(theirs?.values.filter((value) => value !== undefined)).toEqual(plain.values);
      },
    ),
    { numRuns: 2_000 },
  );
  expect(read).toBeGreaterThan(100);
});
