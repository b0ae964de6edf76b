import { useState } from 'preact/hooks';
import type { CreateForm, TokenRow } from '../../platform/messages.ts';
import { announce } from '../../ui/announce.tsx';
import { TextField } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { customDateDefault, expiryOf } from '../expiry.ts';
import { EXTEND, expiryMark } from '../words/tokens.ts';
import { EXPIRES_NAMES, EXPIRES_SHOWN, FIELD_ERRORS, WORDS } from '../words.ts';
import { ActView } from './act-view.tsx';
import type { Tokens } from './store.ts';

type Expires = CreateForm['expires'];
const CHOICES = ['7', '30', '60', 'never', 'custom'] as const;

/** Another end for a token that stays as it is. */
export function ExtendView({ tokens, row }: { tokens: Tokens; row: TokenRow }) {
  const [expires, setExpires] = useState<Expires>('30');
  const [customDate, setCustomDate] = useState(() => customDateDefault(tokens.now()));
  const [wrong, setWrong] = useState<string | null>(null);
  const extend = async () => {
    const end = expiryOf({ expires, customDate }, tokens.now());
    if (end === undefined) return setWrong(FIELD_ERRORS.expires['not-a-date']);
    if (end !== null && end <= tokens.now()) return setWrong(FIELD_ERRORS.expires.past);
    const done = await tokens.extend(row, end === null ? null : new Date(end).toISOString());
    if (done) announce(EXTEND.done(row.name));
  };
  return (
    <ActView
      tokens={tokens}
      title={EXTEND.title(row.name)}
      act={EXTEND.act}
      onAct={() => void extend()}
    >
      <p class="act-text">{EXTEND.text}</p>
      <SelectField
        label={WORDS.expires}
        options={CHOICES.map((value) => ({ value, label: EXPIRES_NAMES[value] }))}
        value={expires}
        textOf={({ value }) => EXPIRES_SHOWN[value as Expires]}
        nothing={WORDS.noExpiry}
        hint={
          expires === 'never'
            ? EXTEND.never
            : EXTEND.now(expiryMark(row.expiresAt, tokens.now()).text)
        }
        onChange={(value) => {
          setWrong(null);
          setExpires(value as Expires);
        }}
      />
      {expires === 'custom' && (
        <TextField
          label={WORDS.expiresOn}
          type="date"
          value={customDate}
          error={wrong}
          onInput={(value) => {
            setWrong(null);
            setCustomDate(value);
          }}
        />
      )}
    </ActView>
  );
}
