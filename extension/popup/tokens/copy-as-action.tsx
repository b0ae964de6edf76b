import type { TokenRow } from '../../platform/messages.ts';
import { announce } from '../../ui/announce.tsx';
import { formatLabel } from '../../ui/format-names.ts';
import { CopyAsMenu } from '../copy-as-menu.tsx';
import { COPY_AS } from '../words/copy-as.ts';
import { copiedStatus } from '../words.ts';
import type { Tokens } from './store.ts';

/** "Copy as…" of a row: the menu that a new token has, opened over the list. */
export function CopyAsAction({
  row,
  tokens,
  active,
}: {
  row: () => TokenRow;
  tokens: Tokens;
  active: boolean;
}) {
  return (
    <CopyAsMenu
      kind={row().kind}
      inRow={{ active }}
      known={tokens.formats.value}
      onChoose={async (format) => {
        const copy = await tokens.copyAs(row(), format);
        if (copy) announce(copiedStatus(copy, COPY_AS.inForm(formatLabel(format))));
      }}
    />
  );
}
