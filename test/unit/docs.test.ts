import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'));

/** What a page names between backticks that looks like a file or folder of this repository. */
function namedPaths(page: string): string[] {
  const named = [...read(page).matchAll(/`([a-z][\w.-]*\/[\w./-]*)`/g)].map(
    ([, path = '']) => path,
  );
  return named.filter((path) => existsSync(join(root, path.split('/')[0] ?? '')));
}

describe('the docs', () => {
  it('have the command line as the code has it', async () => {
    const script = join(root, 'scripts/generate-cli-docs.mjs');
    // Rejects, with what to type, where the page or the man page is not current.
    await promisify(execFile)(process.execPath, [script, '--check'], { cwd: root });
  });

  it("have a request's way as the code has it, step by step", async () => {
    const script = join(root, 'scripts/draw-request.mjs');
    await promisify(execFile)(process.execPath, [script, '--check'], { cwd: root });
  });

  it('have a man page with every command and flag, that the package brings along', async () => {
    const man = read('docs/tokenleash.1').replaceAll('\\-', '-');
    const cli = read('docs/cli.md');
    const commands = [...cli.matchAll(/^## (tokenleash .+)$/gm)].map(([, name = '']) => name);
    const flags = [...cli.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, flag = '']) => flag);
    expect(commands.length).toBeGreaterThan(20);
    expect(flags.length).toBeGreaterThan(40);
    for (const name of commands) expect(man).toContain(`.SS "${name}"`);
    for (const flag of flags) expect(man).toContain(`\\fB${flag}\\fR`);
    const { man: page, files } = JSON.parse(read('package.json'));
    expect(page).toBe('docs/tokenleash.1');
    expect(files).toContain(page);
  });

  it.each(['docs/architecture.md', 'docs/invariants.md', 'docs/link.md'])(
    'name files and folders that are there: %s',
    (page) => {
      const paths = namedPaths(page).filter((path) => !path.includes('*'));
      expect(paths.length).toBeGreaterThan(1);
      expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    },
  );

  it('link to pages that are there', () => {
    for (const page of pages) {
      for (const [, link = ''] of read(page).matchAll(
        /(?<!!\[[^\]]*)\]\(([^)#:\s]+)(?:#[^)]*)?\)/g,
      ))
        expect(existsSync(join(root, dirname(page), link)), `${page}: ${link}`).toBe(true);
    }
  });

  it('show each picture that is drawn, light and dark, and none that is not', () => {
    const drawn = readdirSync(join(root, 'docs/pictures'))
      .filter((name) => name.endsWith('.png'))
      .map((name) => name.replace(/-(?:light|dark)\.png$/, ''));
    const shown = pages.flatMap((page) =>
      [...read(page).matchAll(/pictures\/([a-z-]+)-light\.png/g)].map(([, name = '']) => name),
    );
    expect([...new Set(shown)].toSorted()).toEqual([...new Set(drawn)].toSorted());
    for (const name of new Set(drawn)) {
      for (const theme of ['light', 'dark'])
        expect(existsSync(join(root, `docs/pictures/${name}-${theme}.png`)), name).toBe(true);
    }
  });

  it.each([
    ['docs/invariants.md', 'what holds', 40],
    ['docs/threat-model.md', 'attack', 30],
  ])('name for every line of %s a test that is there', (page, heading, atLeast) => {
    const rows = read(page)
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith(`| ${heading}`));
    expect(rows.length).toBeGreaterThan(atLeast);
    const named = rows.map((row) => row.split(' | ').at(-1) ?? '');
    for (const cell of named) {
      expect(cell).toMatch(/^(?:`test\/[\w./-]+` "[^"]+"(?:; )?)+ \|$/);
      for (const [, file = '', name = ''] of cell.matchAll(/`([^`]+)` "([^"]+)"/g)) {
        // As it stands in the call that declares it: in quotes of whatever kind.
        const declared = ["'", '"', '`'].some((quote) => read(file).includes(quote + name + quote));
        expect(declared, `${file}: ${name}`).toBe(true);
      }
    }
  });
});
