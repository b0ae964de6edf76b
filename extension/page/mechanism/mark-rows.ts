import type { EndWords, Request, TokenEnd } from '../../platform/messages.ts';
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
  const wordsOf = (end: TokenEnd) => {
    const words = reader?.wordsOf(end) ?? null;
    // Unleash's own table says when a PAT ends, but not that this is soon.
    return table.of === 'personal-tokens' && words?.tone === 'calm' ? null : words;
  };
  const marks = createMarks(wordsOf, signal);
  /** Rows that were on screen and not in the list when it was last read: reading it again would say no more. */
  const unknown = new Set<string>();

  const read = async () => {
    const answer = await send('page.tokenEnds', table);
    if (signal.aborted || !answer?.tokens) return;
    reader = createRowReader(answer.tokens, answer.words, answer.soonDays);
    quietly(look);
  };

  const look = () => {
    if (reader === null) return;
    const { marked, strange } = reader.read(shown.rows());
    // A token is new, or was renamed elsewhere.
    if (strange.some((key) => !unknown.has(key))) {
      for (const key of strange) unknown.add(key);
      void read();
    }
    marks.show(marked);
  };
  onChange((change) => {
    shown.forget(change);
    // Rows that are scrolled change no theme.
    if (change.beyondRows) marks.followTheme();
    look();
  }, signal);
  // Somewhere else it may have been extended meanwhile.
  window.addEventListener('focus', () => void read(), { signal });
  signal.addEventListener('abort', () => marks.show([]));
  void read();
}

/** A row, and the token that ends when its token does. */
type Marked = { row: TokenRow; end: TokenEnd };

type RowReader = {
  /** The rows that there is something to say of, and those that the list does not account for. */
  read(rows: readonly TokenRow[]): { marked: Marked[]; strange: string[] };
  /** Made for rows that come near alone. */
  wordsOf(end: TokenEnd): ExpiryWords | null;
};

/** How long words hold, in ms: "in 2 h" is not to stand there for a day. */
const WORDS_HOLD_MS = 60_000;

function createRowReader(tokens: readonly TokenEnd[], say: EndWords, soonDays: number): RowReader {
  const byName = new Map<string, TokenEnd[]>();
  for (const token of tokens) {
    const name = token.name.trim();
    const alike = byName.get(name);
    if (alike) alike.push(token);
    else byName.set(name, [token]);
  }
  type Known = { count: number; end: TokenEnd | undefined };
  const known = new Map<string, Known>();
  /** A row that was not read anew says what it said. */
  const keys = new WeakMap<TokenRow, string>();
  let words = new Map<TokenEnd, ExpiryWords | null>();
  let since = Date.now();

  const keyOf = (row: TokenRow): string => {
    let key = keys.get(row);
    if (key === undefined) {
      key = keyOfRow(row);
      keys.set(row, key);
    }
    return key;
  };
  const lookUp = (key: string, row: TokenRow): Known => {
    let found = known.get(key);
    if (found === undefined) {
      const candidates = tokensOfRow(row, byName.get(row.name) ?? []);
      found = { count: candidates.length, end: endOfRow(candidates) };
      known.set(key, found);
    }
    return found;
  };

  return {
    read(rows) {
      const alike = new Map<string, number>();
      for (const row of rows) {
        const key = keyOf(row);
        alike.set(key, (alike.get(key) ?? 0) + 1);
      }
      const marked: Marked[] = [];
      const strange: string[] = [];
      for (const row of rows) {
        const key = keyOf(row);
        const onScreen = alike.get(key) ?? 0;
        const { count, end } = lookUp(key, row);
        if (count < onScreen) strange.push(`${onScreen} ${key}`);
        else if (end && end.expiresAt !== null) marked.push({ row, end });
      }
      return { marked, strange };
    },
    wordsOf(end) {
      if (Date.now() - since > WORDS_HOLD_MS) {
        words = new Map();
        since = Date.now();
      }
      let said = words.get(end);
      if (said === undefined) {
        said = expiryWords(end, new Date(), say, soonDays);
        words.set(end, said);
      }
      return said;
    },
  };
}

type Placed = { mark: ExpiryMark; row: TokenRow; words: ExpiryWords };

/** How far beyond what is on screen rows are marked, so that a mark is there before its row comes into view. */
const AHEAD = '300px 0px';

/**
 * The marks on the page, by what holds a name, of the rows that are on screen or about to be. Those of rows that went are
 * used again: a new one is the dearer thing.
 */
function createMarks(wordsOf: (end: TokenEnd) => ExpiryWords | null, signal: AbortSignal) {
  /** By the cell of the name. */
  let wanted = new Map<Element, Marked>();
  const placed = new Map<Element, Placed>();
  const spare: ExpiryMark[] = [];
  /** Whether a cell has come near. */
  const near = new WeakMap<Element, boolean>();
  /** By what is watched of it. */
  const resizing = new WeakMap<Element, Placed>();

  // Whenever a column becomes wider or narrower. The page is laid out then and not painted yet, so that to read costs no
  // layout and nothing jumps; nothing that is watched here changes its size by what is written.
  const sizes = new ResizeObserver((entries) => {
    const which = new Set<Placed>();
    for (const { target } of entries) {
      const one = resizing.get(target);
      if (one) which.add(one);
    }
    // All reads before all writes.
    const places: [ExpiryMark, MarkPlace][] = [];
    for (const { mark, row } of which) {
      mark.measure();
      places.push([mark, placeBehind(row)]);
    }
    for (const [mark, place] of places) mark.place(place);
  });
  const watch = (one: Placed, cell: Element) => {
    // Text that lies on a line has no size of its own to be watched; the cell that it is in has.
    for (const part of [cell, one.row.text]) {
      resizing.set(part, one);
      sizes.observe(part);
    }
  };
  const unwatch = ({ row }: Placed, cell: Element) => {
    for (const part of [cell, row.text]) {
      resizing.delete(part);
      sizes.unobserve(part);
    }
  };

  const takeAway = (cell: Element, one: Placed) => {
    unwatch(one, cell);
    one.mark.host.remove();
    placed.delete(cell);
    spare.push(one.mark);
  };

  const put = (cell: Element, { row, end }: Marked) => {
    const before = placed.get(cell);
    const words = wordsOf(end);
    if (words === null) {
      if (before) takeAway(cell, before);
      return;
    }
    const isThere = before?.mark.host.parentElement === row.holder && before.row.text === row.text;
    if (isThere && before.words === words && before.row.name === row.name) return;
    if (before) unwatch(before, cell);
    const mark = before?.mark ?? spare.pop() ?? createExpiryMark();
    mark.show(words);
    const now = { mark, row, words };
    placed.set(cell, now);
    if (mark.host.parentElement !== row.holder) row.holder.append(mark.host);
    watch(now, cell);
    if (placed.size === 1) mark.followTheme();
  };

  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        sight.unobserve(target);
        near.set(target, true);
        const one = wanted.get(target);
        if (one) quietly(() => put(target, one));
      }
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
      wanted = new Map();
      for (const one of marked) wanted.set(one.row.cell, one);
      for (const [cell, one] of placed) {
        if (!wanted.has(cell)) takeAway(cell, one);
      }
      for (const cell of before.keys()) {
        if (wanted.has(cell) || near.get(cell)) continue;
        sight.unobserve(cell);
        near.delete(cell);
      }
      for (const [cell, one] of wanted) {
        const isNear = near.get(cell);
        if (isNear) put(cell, one);
        if (isNear !== undefined) continue;
        near.set(cell, false);
        sight.observe(cell);
      }
    },
    followTheme() {
      // One asks for all.
      const [one] = placed.values();
      one?.mark.followTheme();
    },
  };
}

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
