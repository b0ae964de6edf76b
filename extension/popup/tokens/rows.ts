import type { CreateForm, TokenList, TokenRow, TokensView } from '../../platform/messages.ts';
import { KIND_NAMES } from '../../ui/kind-names.ts';
import { ALL_PROJECTS } from '../create-form.ts';
import { isFarAway } from '../expiry.ts';
import { KINDS } from '../kinds.ts';
import { localDate, untaken } from '../name.ts';
import { LIST, SOON_DAYS } from '../words/tokens.ts';

const DAY_MS = 86_400_000;

export const EVERYTHING: TokensView = {
  search: '',
  kind: '',
  project: '',
  environment: '',
  sort: 'name',
};

/** One line of the list. */
export type Item =
  | { is: 'head'; key: string; title: string; note: string }
  | { is: 'row'; key: string; row: TokenRow };

export const isFiltered = ({ search, kind, project, environment }: TokensView): boolean =>
  search.trim() !== '' || kind !== '' || project !== '' || environment !== '';

/** The rows that a view lets through. Every word of the search must be in name, kind, a project or the environment. */
export function matching(rows: readonly TokenRow[], view: TokensView): TokenRow[] {
  const words = view.search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (view.kind === '' || row.kind === view.kind) &&
      // A token of all projects is one of this project's too.
      (view.project === '' ||
        row.projects.includes(view.project) ||
        row.projects.includes(ALL_PROJECTS)) &&
      (view.environment === '' || row.environment === view.environment) &&
      words.every((word) => textOf(row).includes(word)),
  );
}

const texts = new WeakMap<TokenRow, string>();

function textOf(row: TokenRow): string {
  let text = texts.get(row);
  if (text === undefined) {
    const projects = row.projects.includes(ALL_PROJECTS) ? [LIST.everyProject] : row.projects;
    text = [row.name, KIND_NAMES[row.kind], ...projects, row.environment ?? '']
      .join('\n')
      .toLowerCase();
    texts.set(row, text);
  }
  return text;
}

const timeOf = (date: string | null, missing: number): number => {
  const time = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? missing : time;
};

let collator: Intl.Collator | undefined;

/** The order of names in the browser's language. The first takes 20 ms to make, which the popup's first frame need not pay. */
function compareNames(a: string, b: string): number {
  collator ??= new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  return collator.compare(a, b);
}

const byName = (a: TokenRow, b: TokenRow) => compareNames(a.name, b.name);

const ORDERS: Record<TokensView['sort'], (a: TokenRow, b: TokenRow) => number> = {
  name: byName,
  expiry: (a, b) => compare(timeOf(a.expiresAt, Infinity), timeOf(b.expiresAt, Infinity)),
  seen: (a, b) => compare(timeOf(b.seenAt, -Infinity), timeOf(a.seenAt, -Infinity)),
  newest: (a, b) => compare(timeOf(b.createdAt, -Infinity), timeOf(a.createdAt, -Infinity)),
};

/** Not a difference: infinities have none. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

const ordered = new WeakMap<readonly TokenRow[], { sort: TokensView['sort']; rows: TokenRow[] }>();

/** A list is sorted once and not with each key of a search: to compare a thousand names takes longer than a frame. */
function inOrder(rows: readonly TokenRow[], sort: TokensView['sort']): readonly TokenRow[] {
  const known = ordered.get(rows);
  if (known?.sort === sort) return known.rows;
  const sorted = [...rows].sort((a, b) => ORDERS[sort](a, b) || byName(a, b));
  ordered.set(rows, { sort, rows: sorted });
  return sorted;
}

/** The lines on screen: what expires soon, then API tokens, then the personal ones; empty groups are left out. */
export function linesOf(
  list: TokenList,
  view: TokensView,
  now: number,
  soonDays: number = SOON_DAYS,
): Item[] {
  const rows = matching(inOrder(list.tokens, view.sort), view);
  const isSoon = (row: TokenRow) => {
    const left = timeOf(row.expiresAt, Infinity) - now;
    return left > 0 && left <= soonDays * DAY_MS;
  };
  const soon = rows.filter(isSoon).sort(ORDERS.expiry);
  const rest = rows.filter((row) => !isSoon(row));
  const api = rest.filter(({ kind }) => kind !== 'personal');
  const personal = rest.filter(({ kind }) => kind === 'personal');
  const { personal: slots } = list;
  return [
    ...group('soon', LIST.soon, String(soon.length), soon),
    ...group('api', list.api === 'some' ? LIST.apiOfProjects : LIST.api, String(api.length), api),
    ...group(
      'personal',
      LIST.personal,
      slots ? LIST.slots(slots.used, slots.limit) : String(personal.length),
      personal,
    ),
  ];
}

function group(key: string, title: string, note: string, rows: readonly TokenRow[]): Item[] {
  if (rows.length === 0) return [];
  return [
    { is: 'head', key: `head ${key}`, title, note },
    ...rows.map((row): Item => ({ is: 'row', key: row.id, row })),
  ];
}

/** What there is to filter by. */
export function choicesOf(rows: readonly TokenRow[]): {
  kinds: TokenRow['kind'][];
  projects: string[];
  environments: string[];
} {
  const projects = new Set(rows.flatMap((row) => row.projects));
  const environments = new Set(rows.map((row) => row.environment));
  const sorted = (values: Iterable<string | null>) =>
    [...values]
      .filter((value) => value !== null && value !== ALL_PROJECTS)
      .sort((a, b) => compareNames(a ?? '', b ?? ''))
      .map(String);
  return {
    kinds: KINDS.filter((kind) => rows.some((row) => row.kind === kind)),
    projects: sorted(projects),
    environments: sorted(environments),
  };
}

/** Names that more than one token has. */
export function doubledNames(rows: readonly TokenRow[]): Set<string> {
  const seen = new Set<string>();
  const doubled = new Set<string>();
  for (const { name } of rows) (seen.has(name) ? doubled : seen).add(name);
  return doubled;
}

export function expiredRows(rows: readonly TokenRow[], now: number): TokenRow[] {
  return rows.filter((row) => row.may.revoke && timeOf(row.expiresAt, Infinity) <= now);
}

/** Those that nobody used for so many days. One that was never used counts from the day it was made. */
export function unusedRows(rows: readonly TokenRow[], days: number, now: number): TokenRow[] {
  const limit = now - days * DAY_MS;
  return rows.filter(
    // Without either date nothing is known of it, and nothing is done to it.
    (row) => row.may.revoke && timeOf(row.seenAt ?? row.createdAt, Infinity) <= limit,
  );
}

/** The Create form for another token like this one. */
export function formLike(
  row: TokenRow,
  rows: readonly TokenRow[],
  now: number,
): Partial<CreateForm> {
  const taken = rows.map(({ name }) => name);
  const scope =
    row.kind === 'personal' || row.kind === 'admin'
      ? {}
      : // One token as this one is, whatever a recipe left in the form.
        { projects: [...row.projects], environment: row.environment ?? '', oneEach: false };
  return { kind: row.kind, name: untaken(row.name, taken), ...scope, ...lifetimeOf(row, now) };
}

/** As long as the old one was made for, by the form's own choices where one fits to the day. */
function lifetimeOf(row: TokenRow, now: number): Pick<CreateForm, 'expires' | 'customDate'> {
  const end = timeOf(row.expiresAt, Infinity);
  if (end === Infinity || isFarAway(end, now)) return { expires: 'never', customDate: '' };
  const days = Math.round((end - timeOf(row.createdAt, Number.NaN)) / DAY_MS);
  if (days === 7 || days === 30 || days === 60) {
    return { expires: `${days}`, customDate: '' };
  }
  if (!(days > 0)) return { expires: '30', customDate: '' };
  return { expires: 'custom', customDate: localDate(now + days * DAY_MS) };
}
