import type { Request, TokenEnd } from '../../platform/messages.ts';
import { createExpiryMark, type ExpiryMark, type MarkPlace } from './expiry-mark.ts';
import { type ExpiryWords, expiryWords } from './expiry-words.ts';
import type { FeatureContext } from './feature.ts';
import { endOfRow, keyOfRow, tokensOfRow } from './match-row.ts';
import { quietly } from './page-changes.ts';
import { findTokenRows, type TokenRow } from './token-table.ts';

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
  const marks = createMarks(signal);
  /** Rows that were on screen and not in the list when it was last read: reading it again would say no more. */
  const unknown = new Set<string>();

  const read = async () => {
    const answer = await send('page.tokenEnds', table);
    if (signal.aborted || !answer?.tokens) return;
    reader = createRowReader(answer.tokens);
    quietly(look);
  };

  const look = () => {
    if (reader === null) return;
    const { marked, strange } = reader(findTokenRows(document, table.of));
    // A token is new, or was renamed elsewhere.
    if (strange.some((key) => !unknown.has(key))) {
      for (const key of strange) unknown.add(key);
      void read();
    }
    marks.show(table.of === 'api-tokens' ? marked : marked.filter(addsToPats));
  };
  onChange(look, signal);
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

function createRowReader(tokens: readonly TokenEnd[]): RowReader {
  const byName = new Map<string, TokenEnd[]>();
  for (const token of tokens) {
    const name = token.name.trim();
    const alike = byName.get(name);
    if (alike) alike.push(token);
    else byName.set(name, [token]);
  }
  type Known = { count: number; words: ExpiryWords | null };
  let known = new Map<string, Known>();
  let since = Date.now();

  const lookUp = (key: string, row: TokenRow): Known => {
    const before = known.get(key);
    if (before) return before;
    const candidates = tokensOfRow(row, byName.get(row.name) ?? []);
    const words = expiryWords(endOfRow(candidates) ?? null, new Date());
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
    const keys = rows.map(keyOfRow);
    for (const key of keys) alike.set(key, (alike.get(key) ?? 0) + 1);
    const marked: Marked[] = [];
    const strange: string[] = [];
    rows.forEach((row, index) => {
      const key = keys[index] ?? '';
      const onScreen = alike.get(key) ?? 0;
      const { count, words } = lookUp(key, row);
      if (count < onScreen) strange.push(`${onScreen} ${key}`);
      else if (words) marked.push({ row, words });
    });
    return { marked, strange };
  };
}

type Placed = { mark: ExpiryMark; row: TokenRow; words: ExpiryWords };

/** The marks on the page, by what holds a name. Those of rows that went are used again: a new one is the dearer thing. */
function createMarks(signal: AbortSignal) {
  const placed = new Map<HTMLElement, Placed>();
  const spare: ExpiryMark[] = [];

  /** All reads of the layout before all writes: one layout for fifty rows, not fifty. */
  const place = (which: readonly Placed[]) => {
    const places = which.map(({ mark, row }): MarkPlace => {
      mark.measure();
      return placeBehind(row);
    });
    which.forEach(({ mark }, index) => {
      const at = places[index];
      if (at) mark.place(at);
    });
  };
  const resized = new Set<Element | null>();
  const placeResized = () => {
    if (signal.aborted) return;
    place([...placed.values()].filter(({ row }) => resized.has(row.holder.closest('td'))));
    resized.clear();
  };
  // Whenever a column becomes wider or narrower. A mark that changed its own size right in here would be an error of
  // the page's ("ResizeObserver loop"), so it is placed in the next frame.
  const sizes = new ResizeObserver((entries) => {
    if (resized.size === 0) requestAnimationFrame(placeResized);
    for (const { target } of entries) resized.add(target.closest('td'));
  });
  const unwatch = ({ mark, row }: Placed) => {
    sizes.unobserve(mark.host);
    sizes.unobserve(row.text);
  };
  signal.addEventListener('abort', () => sizes.disconnect());

  return {
    show(marked: readonly Marked[]) {
      const holders = new Set(marked.map(({ row }) => row.holder));
      for (const [holder, one] of placed) {
        if (holders.has(holder)) continue;
        unwatch(one);
        one.mark.host.remove();
        placed.delete(holder);
        spare.push(one.mark);
      }
      const fresh: Placed[] = [];
      for (const { row, words } of marked) {
        const before = placed.get(row.holder);
        const isThere =
          before?.mark.host.parentElement === row.holder && before.row.text === row.text;
        if (isThere && before.words === words && before.row.name === row.name) continue;
        if (before) unwatch(before);
        const mark = before?.mark ?? spare.pop() ?? createExpiryMark();
        mark.show(words);
        const one = { mark, row, words };
        placed.set(row.holder, one);
        fresh.push(one);
      }
      for (const { mark, row } of fresh) {
        if (mark.host.parentElement !== row.holder) row.holder.append(mark.host);
        sizes.observe(mark.host);
        sizes.observe(row.text);
      }
      fresh[0]?.mark.followTheme();
    },
  };
}

/** Its lines that are cut off count no more than what is on screen. */
function placeBehind({ text }: TokenRow): MarkPlace {
  const range = document.createRange();
  range.selectNodeContents(text);
  const box = text.getBoundingClientRect();
  const ends = [...range.getClientRects()].map(
    (line) => Math.min(line.right, box.right) - box.left,
  );
  return { nameEnd: Math.max(0, ...ends), cellEnd: box.width };
}
