import { useState } from 'preact/hooks';
import type { Grace, TokenRow } from '../../platform/messages.ts';
import { announce } from '../../ui/announce.tsx';
import { Segments } from '../../ui/segments.tsx';
import { lineWords, REPLACE } from '../words/tokens.ts';
import { copiedStatus } from '../words.ts';
import { ActView } from './act-view.tsx';
import type { Tokens } from './store.ts';

const GRACES: readonly Grace[] = ['now', '1h', '1d', '7d'];

/** A new token like this one, and how long the old one goes on. */
export function ReplaceView({ tokens, row }: { tokens: Tokens; row: TokenRow }) {
  const [grace, setGrace] = useState<Grace>('1d');
  const owner = tokens.list.value?.personal?.owner ?? '';
  const replace = async () => {
    const answer = await tokens.replace(row, grace);
    if (!answer) return;
    if (answer.oldKept !== null) {
      tokens.problem.value = {
        ok: false,
        code: 'tokens.old-kept',
        title: REPLACE.oldKept,
        message: answer.oldKept,
      };
    } else if (answer.copy) announce(copiedStatus(answer.copy));
    else announce(REPLACE.notCopied(answer.copyError ?? ''));
  };
  return (
    <ActView
      tokens={tokens}
      title={REPLACE.title(row.name)}
      act={REPLACE.act}
      onAct={() => void replace()}
    >
      <p class="act-text">{REPLACE.text}</p>
      <p class="meta" dir="auto">
        {lineWords(row, owner)}
      </p>
      <div class="field">
        <span class="act-label" aria-hidden="true">
          {REPLACE.old}
        </span>
        <Segments
          label={REPLACE.old}
          segments={GRACES.map((value) => ({ value, label: REPLACE.graces[value] }))}
          value={grace}
          onChange={setGrace}
          describedBy="replace-hint"
        />
        <div class="hint" id="replace-hint">
          {REPLACE.hints[grace]}
        </div>
      </div>
    </ActView>
  );
}
