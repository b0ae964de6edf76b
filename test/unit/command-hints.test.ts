import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Command } from '../../proxy/commands/command.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** "tokenleash", then a word that is no command and is not meant as one. */
const OTHER_WORDS = ['command', 'link', 'pairing'];

const IN_SOURCE = /\btokenleash ((?!tokenleash)[a-z$][^'`"\n|,;\\]*)/g;
/** Prose speaks of tokenleash as well; what is to be typed is code. */
const IN_PAGES = /(?:^|`|\$\(|&& |FILE )tokenleash ((?!tokenleash)[a-z$][^'`"\n|,;\\]*)/gm;

type Hint = { where: string; text: string };

/** Every text in the product that begins like something to type, up to where it has to end. */
function hints(): Hint[] {
  const files = ['proxy', 'shared', 'extension', 'docs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  );
  return [...files, 'README.md']
    .filter((name) => /\.(?:tsx?|md|html)$/.test(name))
    .flatMap((where) =>
      [...read(where).matchAll(where.endsWith('.md') ? IN_PAGES : IN_SOURCE)].map(
        ([, text = '']) => ({ where, text }),
      ),
    );
}

async function commands(): Promise<Map<string, Command<never>>> {
  const listed = read('proxy/main.ts').matchAll(
    /^ {2}'?([a-z ]+)'?: \[[\s\S]*?'\.\/commands\/([a-z-]+)\.ts'/gm,
  );
  const found = new Map<string, Command<never>>();
  for (const [, name = '', file = ''] of listed)
    found.set(name, (await import(`../../proxy/commands/${file}.ts`)).command);
  return found;
}

function faultOf(text: string, known: Map<string, Command<never>>): string | null {
  const words = text.split(/[\s.)<:]+/);
  if (OTHER_WORDS.includes(words[0] ?? '')) return null;
  // Filled in later; what is given to `requireProfile` is looked at below.
  if (words[0]?.startsWith('$')) return null;
  let name = words.shift() ?? '';
  while ([...known.keys()].some((each) => each.startsWith(`${name} `))) {
    const next = words.shift() ?? '';
    if (next === '' || next === '…') return null;
    name += ` ${next}`;
  }
  const command = known.get(name);
  if (!command) return `there is no command "${name}"`;
  const own = text.split(/ -- /)[0] ?? '';
  const flags = ['--help', ...(command.options ?? []).map(({ flags }) => flags.split(' ')[0])];
  const wrong = [...own.matchAll(/--[a-z-]+/g)].find(([flag]) => !flags.includes(flag));
  return wrong ? `"${name}" has no ${wrong[0]}` : null;
}

test('every command that a message or a page tells to type exists, with its flags', async () => {
  const known = await commands();
  const found = hints();
  // What is collected here is what the check is worth.
  expect(known.size).toBeGreaterThan(10);
  expect(found.length).toBeGreaterThan(100);
  const wrong = found
    .map(({ where, text }) => ({ where, text, fault: faultOf(text, known) }))
    .filter(({ fault }) => fault !== null);
  expect(wrong).toEqual([]);
});

test('every command that is named to `requireProfile` exists', async () => {
  const known = await commands();
  const calls = readdirSync(join(root, 'proxy'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...read(join('proxy', name)).matchAll(
        /(?:requireProfile\([^()]*(?:\([^()]*\)[^()]*)*, |command = )'([a-z -]+)'/g,
      ),
    ])
    .map(([, text = '']) => text);
  expect(calls.length).toBeGreaterThan(3);
  expect(calls.map((text) => faultOf(text, known)).filter((fault) => fault !== null)).toEqual([]);
});
