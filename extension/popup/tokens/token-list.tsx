import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { WindowedList } from '../../ui/windowed-list.tsx';
import { LIST } from '../words/tokens.ts';
import { doubledNames, type Item } from './rows.ts';
import type { Tokens } from './store.ts';
import { TokenRowView } from './token-row.tsx';

/** In rem: 44 px for a row, and a head with the space above it. */
const ROW_REM = 2.75;
const HEAD_REM = 2;

const heightOf = (item: Item) => (item.is === 'row' ? ROW_REM : HEAD_REM);
const keyOf = (item: Item) => item.key;
const shapeOf = (item: Item) => (item.is === 'row' ? `row ${item.row.kind}` : 'head');

/** The rows, by keyboard too: up and down move between rows, left and right between the acts of one. */
export function TokenListView({ tokens }: { tokens: Tokens }) {
  const lines = tokens.lines.value;
  const scroller = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState<string | null>(null);
  /** Where the focus goes once the row is in the page. */
  const goal = useRef<{ id: string; act: string | null } | null>(null);
  /** The row that has the focus, and where it stands, for when it goes. */
  const focused = useRef<{ id: string; at: number } | null>(null);
  const list = tokens.list.value;
  const doubled = useMemo(() => doubledNames(list?.tokens ?? []), [list]);
  const revoking = new Set(tokens.revoking.value?.ids ?? []);
  const owner = list?.personal?.owner ?? '';

  const rowAt = (index: number) => {
    const line = lines[index];
    return line?.is === 'row' ? line.row : null;
  };
  const indexOf = (id: string | null) => lines.findIndex((line) => line.key === id);
  const found = indexOf(activeId);
  const activeAt = found >= 0 ? found : lines.findIndex((line) => line.is === 'row');

  useLayoutEffect(() => {
    const { current: wanted } = goal;
    if (wanted) {
      goal.current = null;
      focusIn(scroller.current, wanted.id, wanted.act);
    }
    // The focused row, or the button in it, has gone: the focus must not fall back to the top of the page.
    const last = focused.current;
    if (!last || document.activeElement !== document.body) return;
    const there = indexOf(last.id);
    const next = there >= 0 ? there : nearestRow(last.at);
    const row = next === null ? null : rowAt(next);
    if (row) focusIn(scroller.current, row.id, null);
    else focused.current = null;
  });

  function nearestRow(index: number): number | null {
    for (let step = 0; step <= lines.length; step += 1) {
      for (const at of [index + step, index - step]) if (rowAt(at)) return at;
    }
    return null;
  }

  function move(from: number, step: 1 | -1, act: string | null): void {
    for (let index = from + step; index >= 0 && index < lines.length; index += step) {
      const row = rowAt(index);
      if (row) {
        goTo(row.id, act);
        return;
      }
    }
  }

  function goTo(id: string, act: string | null): void {
    goal.current = { id, act };
    if (id === activeId) focusIn(scroller.current, id, act);
    setActiveId(id);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const id = target.closest<HTMLElement>('[data-row]')?.dataset['row'];
    // A menu that is open over the row has its own arrows.
    if (target.closest('[role=menu]')) return;
    if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = target.dataset['act'] ?? null;
    const at = indexOf(id);
    const ends: Record<string, () => void> = {
      ArrowDown: () => move(at, 1, act),
      ArrowUp: () => move(at, -1, act),
      Home: () => move(-1, 1, act),
      End: () => move(lines.length, -1, act),
      ArrowRight: () => beside(target, 1),
      ArrowLeft: () => beside(target, -1),
    };
    const go = ends[event.key];
    if (!go) return;
    event.preventDefault();
    go();
  }

  return (
    <section
      class="token-list"
      ref={scroller}
      aria-label={LIST.list}
      onKeyDown={onKeyDown}
      onFocusOut={(event) => {
        // Not when the element went with its row: then nothing else has the focus.
        if (event.relatedTarget !== null) focused.current = null;
      }}
    >
      <WindowedList
        items={lines}
        keyOf={keyOf}
        heightOf={heightOf}
        shapeOf={shapeOf}
        keep={activeAt}
        scroller={scroller}
        render={(line, index) =>
          line.is === 'head' ? (
            <div class="token-head">
              <h2>{line.title}</h2>
              <span>{line.note}</span>
            </div>
          ) : (
            <TokenRowView
              tokens={tokens}
              row={line.row}
              owner={owner}
              doubled={doubled.has(line.row.name)}
              active={index === activeAt}
              revoking={revoking.has(line.row.id)}
              onActive={() => {
                focused.current = { id: line.row.id, at: index };
                if (activeId !== line.row.id) setActiveId(line.row.id);
              }}
            />
          )
        }
      />
    </section>
  );
}

function focusIn(scroller: HTMLElement | null, id: string, act: string | null): void {
  const row = scroller?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
  const button =
    (act && row?.querySelector<HTMLElement>(`[data-act="${act}"]`)) ||
    row?.querySelector<HTMLElement>('[data-act]');
  (button ?? row)?.focus();
}

/** The next act of the same row. */
function beside(target: HTMLElement, step: 1 | -1): void {
  const row = target.closest<HTMLElement>('[data-row]');
  const acts = [...(row?.querySelectorAll<HTMLElement>('[data-act]') ?? [])];
  const forward = getComputedStyle(target).direction === 'rtl' ? -step : step;
  acts[(acts.indexOf(target) + forward + acts.length) % acts.length]?.focus();
}
