import type { TokenKind } from '../../platform/messages.ts';
import type { PageChange } from './page-changes.ts';

/** One row of a token table, by what it shows. A column that is not on screen is undefined. */
export type TokenRow = {
  name: string;
  kind?: TokenKind;
  /** `*`, one project's id, or how many there are. */
  project?: string | number;
  environment?: string;
  /** "11/24/2026", in whatever order the user reads dates. */
  created?: string;
  /** What holds the name and nothing else, what is around it, and the cell of both. */
  text: HTMLElement;
  holder: HTMLElement;
  cell: Element;
};

type Column = 'name' | 'kind' | 'project' | 'environment' | 'created';

/** The words above the columns; "Username" before 6.10. */
const COLUMNS: Record<string, Column> = {
  'Token name': 'name',
  Username: 'name',
  Description: 'name',
  Type: 'kind',
  Project: 'project',
  Environment: 'environment',
  Created: 'created',
};

/** Longest first: a cell may go on with what the kind is for, without a space between. */
const KINDS: [string, TokenKind][] = [
  ['FRONTEND', 'frontend'],
  ['BACKEND', 'backend'],
  ['CLIENT', 'backend'],
  ['ADMIN', 'admin'],
];

type TableOf = 'api-tokens' | 'personal-tokens';

/** The token table of a page, of which each row is read once and again only when it changed. */
export type TokenTable = {
  rows(): TokenRow[];
  /** To be told of every change, or the rows are as they were. */
  forget(change: PageChange): void;
};

/** The rows of the one token table on this page as it stands; see `readTokenTable`. */
export const findTokenRows = (document: Document, of: TableOf): TokenRow[] =>
  readTokenTable(document, of).rows();

/**
 * The one token table on this page, by the words above its columns: those stand the same from 4.19.5 to 8.2.0. It has no
 * rows where there is no such table, where there are two, or where a column is there twice.
 */
export function readTokenTable(document: Document, of: TableOf): TokenTable {
  /** Undefined: to be looked for. */
  let found: { table: Element; columns: (Column | null)[] } | null | undefined;
  let known = new WeakMap<Element, TokenRow | null>();

  const find = () => {
    const tables = [...document.querySelectorAll('table[role="table"]')].flatMap((table) => {
      const columns = columnsOf(table);
      return columns !== null && isTokenTable(columns, of) ? [{ table, columns }] : [];
    });
    return tables.length === 1 ? (tables[0] ?? null) : null;
  };

  return {
    forget({ beyondRows, rows }) {
      for (const row of rows) known.delete(row);
      // It may be another table, or have other columns.
      if (!beyondRows) return;
      const before = found;
      found = find();
      if (before?.table !== found?.table || before?.columns.join() !== found?.columns.join()) {
        known = new WeakMap();
      }
    },
    rows() {
      if (found === undefined) found = find();
      if (found === null) return [];
      const rows: TokenRow[] = [];
      // By the next one each: a list of them costs the browser more, and there are dozens.
      for (let part = found.table.firstElementChild; part; part = part.nextElementSibling) {
        if (part.localName !== 'tbody') continue;
        for (let row = part.firstElementChild; row; row = row.nextElementSibling) {
          let read = known.get(row);
          if (read === undefined) {
            read = rowOf(row, found.columns);
            known.set(row, read);
          }
          if (read) rows.push(read);
        }
      }
      return rows;
    },
  };
}

function isTokenTable(columns: (Column | null)[], of: TableOf): boolean {
  return columns.includes('name') && columns.includes('kind') === (of === 'api-tokens');
}

/** Null where one stands twice. */
function columnsOf(table: Element): (Column | null)[] | null {
  const columns = [...table.querySelectorAll('thead th')].map((head) => {
    // A column that can be sorted says its name twice, once for its width in bold.
    const words =
      head.querySelector('[data-text]')?.getAttribute('data-text') ?? head.textContent?.trim();
    return COLUMNS[words ?? ''] ?? null;
  });
  const known = columns.filter((column) => column !== null);
  return new Set(known).size === known.length ? columns : null;
}

function rowOf(row: Element, columns: (Column | null)[]): TokenRow | null {
  let nameCell: Element | null = null;
  const words: { [C in Column]?: string } = {};
  let cell = row.firstElementChild;
  for (const column of columns) {
    if (cell === null) return null;
    if (column !== null) words[column] = cell.textContent?.trim() ?? '';
    if (column === 'name') nameCell = cell;
    cell = cell.nextElementSibling;
  }
  if (cell !== null) return null;
  const { name, kind: kindWords, project, environment, created } = words;
  const holder = nameCell?.firstElementChild;
  const text = holder?.querySelector('span');
  if (!nameCell || !(holder instanceof HTMLElement) || !text || !name) return null;
  const kind = KINDS.find(([word]) => kindWords?.startsWith(word))?.[1];
  // A kind that we do not know is none that we may take for another.
  if (kindWords !== undefined && kind === undefined) return null;
  const count = project && /^(\d+) projects$/.exec(project)?.[1];
  return {
    name,
    ...(kind && { kind }),
    ...(project && { project: count ? Number(count) : project }),
    ...(environment && { environment }),
    ...(created && { created }),
    text,
    holder,
    cell: nameCell,
  };
}
