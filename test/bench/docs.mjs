// Puts the tables of a run into docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = 'docs/performance.md';

/**
 * Puts the tables between the two marks of their command.
 *
 * @param {string} command `npm run bench`
 * @param {string} tables
 * @returns {string} the page
 */
export function writeDocs(command, tables) {
  const begin = `<!-- ${command} -- --write-docs: begin -->`;
  const end = `<!-- ${command} -- --write-docs: end -->`;
  const path = join(import.meta.dirname, '../..', DOCS);
  const page = readFileSync(path, 'utf8');
  const [before, rest = ''] = page.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`${DOCS} has lost its marks for the tables.`);
  writeFileSync(path, `${before}${begin}\n\n${tables}\n${end}${after}`);
  return DOCS;
}

/** @param {string[]} head @param {string[][]} rows */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @param {ReturnType<typeof import('./judge.mjs').judgeTargets>} targets */
export function targetTable(targets) {
  return table(
    ['target', 'limit', 'found', 'met'],
    targets.map(({ name, bound, limit, value, met }) => [
      name,
      `${bound} ${limit}`,
      String(value),
      met ? 'yes' : 'no',
    ]),
  );
}
