import { useState } from 'preact/hooks';
import { announce } from '../../ui/announce.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { KIND_ICONS } from '../kinds.ts';
import { expiryMark, lineWords, SEVERAL, seenWords, UNDO } from '../words/tokens.ts';
import { ActView } from './act-view.tsx';
import { expiredRows, isFiltered, matching, unusedRows } from './rows.ts';
import type { Tokens } from './store.ts';

const UNUSED_DAYS = [30, 60, 90, 180, 365];
const FIRST_DAYS = 90;

/** Several tokens revoked at once, each of them named first. */
export function SeveralView({ tokens, which }: { tokens: Tokens; which: 'expired' | 'unused' }) {
  const [days, setDays] = useState(FIRST_DAYS);
  const now = tokens.now();
  const view = tokens.view.value;
  // What cannot be seen in the list behind this is not revoked from here.
  const all = matching(tokens.list.value?.tokens ?? [], view);
  const owner = tokens.list.value?.personal?.owner ?? '';
  const counting = new Set(tokens.revoking.value?.ids ?? []);
  const rows = (which === 'expired' ? expiredRows(all, now) : unusedRows(all, days, now)).filter(
    ({ id }) => !counting.has(id),
  );
  const none = which === 'expired' ? SEVERAL.noExpired : SEVERAL.noUnused(days);
  const title =
    which === 'expired'
      ? SEVERAL.expiredTitle(rows.length)
      : SEVERAL.unusedTitle(rows.length, days);
  const revoke = async () => {
    const revoking = await tokens.revoke(rows);
    if (revoking) announce(UNDO.begun(revoking.names));
  };
  return (
    <ActView
      tokens={tokens}
      title={rows.length === 0 ? SEVERAL[which] : title}
      act={rows.length === 0 ? null : SEVERAL.act(rows.length)}
      danger
      onAct={() => void revoke()}
    >
      {isFiltered(view) && <p class="act-text">{SEVERAL.filtered}</p>}
      {which === 'unused' && (
        <SelectField
          label={SEVERAL.unusedFor}
          options={UNUSED_DAYS.map((value) => ({
            value: String(value),
            label: SEVERAL.days(value),
          }))}
          value={String(days)}
          nothing={SEVERAL.unusedFor}
          hint={SEVERAL.unusedHint}
          onChange={(value) => setDays(Number(value))}
        />
      )}
      {rows.length === 0 ? (
        <p class="act-text">{none}.</p>
      ) : (
        <ul class="several">
          {rows.map((row) => (
            <li key={row.id}>
              <Icon of={KIND_ICONS[row.kind]} />
              <span class="token-text">
                <span class="token-name" dir="auto" title={row.name}>
                  {row.name}
                </span>
                <span class="token-meta">{lineWords(row, owner)}</span>
              </span>
              <span class="token-meta">
                {which === 'expired'
                  ? expiryMark(row.expiresAt, now).text
                  : seenWords(row.seenAt, now)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </ActView>
  );
}
