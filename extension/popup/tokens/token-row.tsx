import { CircleAlert, ClockAlert } from 'lucide-preact';
import { useId, useMemo, useRef } from 'preact/hooks';
import type { TokenRow } from '../../platform/messages.ts';
import { Icon } from '../../ui/icon.tsx';
import { KIND_NAMES } from '../../ui/kind-names.ts';
import { wholeTime } from '../expiry.ts';
import { KIND_ICONS } from '../kinds.ts';
import {
  dayWords,
  type ExpiryMark,
  endsWords,
  expiryMark,
  LIST,
  scopeWords,
  seenWords,
} from '../words/tokens.ts';
import { ROW_ACTIONS } from './row-actions.ts';
import type { Tokens } from './store.ts';

type Props = {
  tokens: Tokens;
  row: TokenRow;
  owner: string;
  /** Another token has the same name. */
  doubled: boolean;
  /** Its buttons are in the tab order; those of one row are. */
  active: boolean;
  revoking: boolean;
  onActive: () => void;
};

/** One token: what it is, when it ends and was used, and what can be done with it. */
export function TokenRowView({ tokens, row, owner, doubled, active, revoking, onActive }: Props) {
  const about = useId();
  const shown = useRef({ row, onActive });
  shown.current = { row, onActive };
  const soonDays = tokens.soonDays.value;
  const offered = revoking ? [] : ROW_ACTIONS.filter((action) => action.offered(row));
  const ids = offered.map(({ id }) => id).join();

  // What does not change with the row, Preact does not look at again.
  const acts = useMemo(
    () => (
      <div class="token-acts">
        {offered.map((action) =>
          'view' in action ? (
            <action.view
              key={action.id}
              row={() => shown.current.row}
              tokens={tokens}
              active={active}
            />
          ) : (
            <button
              key={action.id}
              type="button"
              class={`icon-button${action.danger ? ' danger' : ''}`}
              aria-label={action.label}
              title={action.label}
              data-act={action.id}
              tabIndex={active ? 0 : -1}
              onClick={() => action.run(shown.current.row, tokens)}
            >
              <Icon of={action.icon} />
            </button>
          ),
        )}
      </div>
    ),
    [tokens, row.kind, ids, active],
  );

  return useMemo(() => {
    const now = tokens.now();
    const mark = expiryMark(row.expiresAt, now, soonDays);
    const created = row.createdAt === null ? Number.NaN : Date.parse(row.createdAt);
    const scope = scopeWords(row, owner);
    const meta =
      doubled && !Number.isNaN(created)
        ? `${scope} · ${LIST.created(dayWords(created, now))}`
        : scope;
    return (
      <fieldset
        class={`token-row${revoking ? ' revoking' : ''}`}
        aria-label={row.name}
        aria-describedby={about}
        data-row={row.id}
        tabIndex={-1}
        onFocusCapture={() => shown.current.onActive()}
      >
        <Icon of={KIND_ICONS[row.kind]} />
        <div class="token-text">
          <div class="token-name" title={row.name} dir="auto">
            {row.name}
          </div>
          <div class="token-meta" id={about} title={meta}>
            <span class="visually-hidden">{KIND_NAMES[row.kind]}, </span>
            {meta}
            <span class="token-touch"> · {mark.text}</span>
          </div>
        </div>
        <div class="token-times">
          {revoking ? (
            <div class="token-meta">{LIST.revoking}</div>
          ) : (
            <Expiry row={row} now={now} mark={mark} />
          )}
          <div class="token-meta">{seenWords(row.seenAt, now)}</div>
        </div>
        {acts}
      </fieldset>
    );
  }, [row, owner, doubled, revoking, soonDays, acts]);
}

const MARKS = { warn: ClockAlert, danger: CircleAlert, plain: null } as const;

function Expiry({ row, now, mark }: { row: TokenRow; now: number; mark: ExpiryMark }) {
  if (row.endsAt !== null) {
    return (
      <div class="token-expiry warn" title={wholeTime(row.endsAt)}>
        <Icon of={ClockAlert} small />
        {endsWords(row.endsAt, now)}
      </div>
    );
  }
  const { tone, text } = mark;
  const icon = MARKS[tone];
  const end = row.expiresAt === null ? Number.NaN : Date.parse(row.expiresAt);
  return (
    <div class={`token-expiry ${tone}`} title={Number.isNaN(end) ? undefined : wholeTime(end)}>
      {icon && <Icon of={icon} small />}
      {text}
    </div>
  );
}
