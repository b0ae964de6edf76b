import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../real-unleash/install.mjs';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { commandsOf, fencesOf } from './fences.ts';
import { asOwnServer } from './own-server.ts';
import { PAGES, type Page, type World } from './pages.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const SHELLS = new Set(['sh', 'bash']);
const NO_SHELLS = new Set(['json', 'jsonc', 'text', 'yaml', 'ini', 'mermaid', 'js', 'ts', 'hcl']);

const everyPage = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const read = (page: string) => readFileSync(join(root, page), 'utf8');
const blocksOf = (page: string) => fencesOf(read(page)).filter((one) => SHELLS.has(one.language));

it('every block of every page says what it is written in, and every page with shell is run here', () => {
  for (const page of everyPage) {
    for (const { language, line } of fencesOf(read(page)))
      expect(SHELLS.has(language) || NO_SHELLS.has(language), `${page}:${line} "${language}"`).toBe(
        true,
      );
  }
  const withShell = everyPage.filter((page) => blocksOf(page).length > 0);
  expect(withShell.sort()).toEqual(Object.keys(PAGES).sort());
});

describe.each(Object.entries(PAGES))('%s', (name, page) => {
  let world: World;
  const endings: (() => unknown)[] = [];
  let terminal: Terminal;
  // A block goes on where the one before it ended.
  let broken: string | null = null;

  beforeAll(async () => {
    world = await newWorld(endings);
    await page.before?.(world);
    terminal = open(page);
    for (const command of page.given ?? []) await type(command);
  });
  afterAll(async () => {
    for (const ending of endings.reverse()) await ending();
  });

  function open({ inClone, replies }: Page): Terminal {
    const opened = openTerminal({
      env: world.env,
      folder: inClone ? root : world.home,
      scratch: world.scratch,
      replies: replies(world),
    });
    endings.push(() => opened.close());
    return opened;
  }

  /** Types one command, and expects of it what the page says. */
  async function type(command: string): Promise<void> {
    if (page.ranByItself?.test(command)) return;
    const stays = page.stays?.find(({ command: meant }) => meant.test(command));
    if (stays) {
      await terminal.leave(command, stays.until);
      if (stays.ctrlC) await terminal.close();
      terminal = open(page);
      return;
    }
    const { code, output } = await terminal.run(command);
    const expected = page.exits?.find(({ command: meant }) => meant.test(command))?.code ?? 0;
    expect(code, `${command}\n${output}`).toBe(expected);
    const shows = page.shows?.find(({ command: meant }) => meant.test(command))?.output;
    if (shows) expect(output).toMatch(shows);
  }

  for (const { line, text } of blocksOf(name)) {
    it(`line ${line} does what it says`, { timeout: 600_000 }, async () => {
      expect(broken, 'a block before this one failed').toBeNull();
      broken = `line ${line}`;
      for (const command of commandsOf(text)) await type(command);
      broken = null;
    });
  }
});

/** A machine of a new user of the docs: an empty home, the server of the docs, the programs that they name. */
async function newWorld(endings: (() => unknown)[]): Promise<World> {
  const scratch = mkdtempSync(join(tmpdir(), 'tl-docs-'));
  endings.push(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 20 }));
  const home = join(scratch, 'home');
  const bin = join(scratch, 'bin');
  const own = join(home, '.npm/bin');
  for (const folder of [home, bin]) mkdirSync(folder);
  const unleash = sharedUnleash();
  const pat = (await unleash.createPat(`docs-${Date.now()}`)).secret;
  const server = await asOwnServer(unleash.url, join(scratch, 'company-ca.pem'));
  endings.push(() => server.close());

  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (/^(?:TOKENLEASH_|UNLEASH_|npm_|VITEST|NODE_|XDG_|DISPLAY|WAYLAND|DBUS_)/i.test(name))
      continue;
    env[name] = value;
  }
  Object.assign(env, server.env, {
    HOME: home,
    TOKENLEASH_CACHE: cacheFolder(),
    // `npm link` puts its link where this user may write.
    npm_config_prefix: join(home, '.npm'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    NO_COLOR: '1',
    PATH: [own, bin, process.env.PATH].join(':'),
  });
  return { scratch, home, bin, env, unleash, pat };
}
