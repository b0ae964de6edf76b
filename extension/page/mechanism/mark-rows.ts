import type { Request, TokenEnd } from '../../platform/messages.ts';
import { createExpiryMark, type ExpiryMark, type MarkPlace } from './expiry-mark.ts';
import { type ExpiryWords, expiryWords } from './expiry-words.ts';
import type { FeatureContext } from './feature.ts';
import { endOfRow, keyOfRow, tokensOfRow } from './match-row.ts';
import { quietly } from './page-changes.ts';
import { readTokenTable, type TokenRow } from './token-table.ts';

/**
 * Marks the rows of a token table with when their tokens end. A row is known by what it shows; where that may be more
 * than one token, and they end at different times, there is no mark.
 */
export function markRows(
  table: Request<'page.tokenEnds'>,
  { send, onChange }: FeatureContext,
  signal: AbortSignal,
): void {
  let reader: RowReader | null = null;
  const shown = readTokenTable(document, table.of);
  const marks = createMarks(signal);
  /** Rows that were on screen and not in the list when it was last read: reading it again would say no more. */
  const unknown = new Set<string>();

  const read = async () => {
    const answer = await send('page.tokenEnds', table);
    if (signal.aborted || !answer?.tokens) return;
    reader = createRowReader(answer.tokens, answer.soonDays);
    quietly(look);
  };

  const look = () => {
    if (reader === null) return;
    const { marked, strange } = reader(shown.rows());
    // A token is new, or was renamed elsewhere.
    if (strange.some((key) => !unknown.has(key))) {
      for (const key of strange) unknown.add(key);
      void read();
    }
    marks.show(table.of === 'api-tokens' ? marked : marked.filter(addsToPats));
  };
  onChange((change) => {
    shown.forget(change);
    look();
  }, signal);
  // Somewhere else it may have been extended meanwhile.
  window.addEventListener('focus', () => void read(), { signal });
  signal.addEventListener('abort', () => marks.show([]));
  void read();
}

type Marked = { row: TokenRow; words: ExpiryWords };

/** Unleash's own table says when a PAT ends, but not that this is soon. */
const addsToPats = ({ words }: Marked) => words.tone !== 'calm';

/** What to say of each row, and the rows that the list does not account for. */
type RowReader = (rows: readonly TokenRow[]) => { marked: Marked[]; strange: string[] };

/** How long words hold, in ms: "in 2 h" is not to stand there for a day. */
const WORDS_HOLD_MS = 60_000;

function createRowReader(tokens: readonly TokenEnd[], soonDays: number): RowReader {
  const byName = new Map<string, TokenEnd[]>();
  for (const token of tokens) {
    const name = token.name.trim();
    const alike = byName.get(name);
    if (alike) alike.push(token);
    else byName.set(name, [token]);
  }
  type Known = { count: number; words: ExpiryWords | null };
  let known = new Map<string, Known>();
  /** A row that was not read anew says what it said. */
  const keys = new WeakMap<TokenRow, string>();
  let since = Date.now();

  const keyOf = (row: TokenRow): string => {
    const key = keys.get(row) ?? keyOfRow(row);
    keys.set(row, key);
    return key;
  };
  const lookUp = (key: string, row: TokenRow): Known => {
    const before = known.get(key);
    if (before) return before;
    const candidates = tokensOfRow(row, byName.get(row.name) ?? []);
    const end = endOfRow(candidates);
    const words = end ? expiryWords(end, new Date(), soonDays) : null;
    const found = { count: candidates.length, words };
    known.set(key, found);
    return found;
  };

  return (rows) => {
    if (Date.now() - since > WORDS_HOLD_MS) {
      known = new Map();
      since = Date.now();
    }
    const alike = new Map<string, number>();
    const keysOnScreen = rows.map(keyOf);
    for (const key of keysOnScreen) alike.set(key, (alike.get(key) ?? 0) + 1);
    const marked: Marked[] = [];
    const strange: string[] = [];
    rows.forEach((row, index) => {
      const key = keysOnScreen[index] ?? '';
      const onScreen = alike.get(key) ?? 0;
      const { count, words } = lookUp(key, row);
      if (count < onScreen) strange.push(`${onScreen} ${key}`);
      else if (words) marked.push({ row, words });
    });
    return { marked, strange };
  };
}

type Placed = { mark: ExpiryMark; row: TokenRow; words: ExpiryWords };

/** How far beyond what is on screen rows are marked, so that a mark is there before its row comes into view. */
const AHEAD = '300px 0px';

/**
 * The marks on the page, by what holds a name, of the rows that are on screen or about to be. Those of rows that went are
 * used again: a new one is the dearer thing.
 */
function createMarks(signal: AbortSignal) {
  let wanted = new Map<HTMLElement, Marked>();
  const placed = new Map<HTMLElement, Placed>();
  const spare: ExpiryMark[] = [];
  /** Cells of names, and whether they have come near. */
  const near = new WeakMap<Element, boolean>();

  // Whenever a column becomes wider or narrower. The page is laid out then and not painted yet, so that to read costs no
  // layout and nothing jumps; nothing that is watched here changes its size by what is written.
  const sizes = new ResizeObserver((entries) => {
    const resized = new Set(entries.map(({ target }) => target.closest('td')));
    const which = [...placed.values()].filter(({ row }) =>
      resized.has(cellOf(row) as HTMLTableCellElement),
    );
    // All reads before all writes.
    const places = which.map(({ mark, row }): MarkPlace => {
      mark.measure();
      return placeBehind(row);
    });
    which.forEach(({ mark }, index) => {
      const at = places[index];
      if (at) mark.place(at);
    });
  });
  const unwatch = ({ row }: Placed) => {
    for (const part of watchedOf(row)) sizes.unobserve(part);
  };

  const put = ({ row, words }: Marked) => {
    const before = placed.get(row.holder);
    const isThere = before?.mark.host.parentElement === row.holder && before.row.text === row.text;
    if (isThere && before.words === words && before.row.name === row.name) return;
    if (before) unwatch(before);
    const mark = before?.mark ?? spare.pop() ?? createExpiryMark();
    mark.show(words);
    placed.set(row.holder, { mark, row, words });
    if (mark.host.parentElement !== row.holder) row.holder.append(mark.host);
    for (const part of watchedOf(row)) sizes.observe(part);
    mark.followTheme();
  };

  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        sight.unobserve(target);
        near.set(target, true);
      }
      for (const one of wanted.values()) if (near.get(cellOf(one.row))) quietly(() => put(one));
    },
    { rootMargin: AHEAD },
  );
  signal.addEventListener('abort', () => {
    sizes.disconnect();
    sight.disconnect();
  });

  return {
    show(marked: readonly Marked[]) {
      const before = wanted;
      wanted = new Map(marked.map((one) => [one.row.holder, one]));
      for (const [holder, one] of placed) {
        if (wanted.has(holder)) continue;
        unwatch(one);
        one.mark.host.remove();
        placed.delete(holder);
        spare.push(one.mark);
      }
      for (const [holder, { row }] of before) {
        if (wanted.has(holder) || near.get(cellOf(row))) continue;
        sight.unobserve(cellOf(row));
        near.delete(cellOf(row));
      }
      for (const one of marked) {
        const cell = cellOf(one.row);
        if (near.get(cell)) put(one);
        if (near.has(cell)) continue;
        near.set(cell, false);
        sight.observe(cell);
      }
    },
  };
}

/** Text that lies on a line has no size of its own to be watched; the cell that it is in has. */
const watchedOf = (row: TokenRow): Element[] => [cellOf(row), row.text];

const cellOf = ({ holder }: TokenRow): Element => holder.parentElement ?? holder;

const range = document.createRange();

/** Its lines that are cut off count no more than what is on screen. */
function placeBehind({ text }: TokenRow): MarkPlace {
  range.selectNodeContents(text);
  const box = text.getBoundingClientRect();
  const ends = [...range.getClientRects()].map(
    (line) => Math.min(line.right, box.right) - box.left,
  );
  return { nameEnd: Math.max(0, ...ends), cellEnd: box.width };
}
