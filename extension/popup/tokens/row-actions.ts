import {
  CalendarPlus,
  Copy,
  CopyPlus,
  type LucideIcon,
  Pin,
  RefreshCw,
  Trash2,
} from 'lucide-preact';
import type { FunctionComponent } from 'preact';
import type { TokenRow } from '../../platform/messages.ts';
import { announce } from '../../ui/announce.tsx';
import { LIST, UNDO } from '../words/tokens.ts';
import { copiedStatus } from '../words.ts';
import { CopyAsAction } from './copy-as-action.tsx';
import type { Tokens } from './store.ts';

/** Something that can be done with a token from its row: by a button, or by what stands in a button's place. */
export type RowAction = {
  id: string;
  /** Whether this row offers it; what it does not offer is not there. */
  offered(row: TokenRow): boolean;
} & (
  | {
      label: string;
      icon: LucideIcon;
      danger?: boolean;
      run(row: TokenRow, tokens: Tokens): void;
    }
  /** `row` gives the row that it stands in by then: a list lends its elements from one to another. */
  | { view: FunctionComponent<{ row: () => TokenRow; tokens: Tokens; active: boolean }> }
);

/** In the order in which they stand. One more is one entry more. */
export const ROW_ACTIONS: readonly RowAction[] = [
  {
    id: 'copy',
    label: LIST.copy,
    icon: Copy,
    offered: ({ may }) => may.copy,
    async run(row, tokens) {
      const copy = await tokens.copy(row);
      if (copy) announce(copiedStatus(copy));
    },
  },
  { id: 'copy-as', offered: ({ may }) => may.copy, view: CopyAsAction },
  {
    id: 'extend',
    label: LIST.extend,
    icon: CalendarPlus,
    offered: ({ may }) => may.extend,
    run(row, tokens) {
      tokens.page.value = { is: 'extend', row };
    },
  },
  {
    id: 'imitate',
    label: LIST.imitate,
    icon: CopyPlus,
    offered: ({ may }) => may.create,
    run: (row, tokens) => tokens.imitate(row),
  },
  {
    id: 'replace',
    label: LIST.replace,
    icon: RefreshCw,
    offered: ({ may, endsAt }) => may.create && may.revoke && endsAt === null,
    run(row, tokens) {
      tokens.page.value = { is: 'replace', row };
    },
  },
  {
    id: 'keep',
    label: LIST.keep,
    icon: Pin,
    offered: ({ endsAt }) => endsAt !== null,
    async run(row, tokens) {
      await tokens.keep(row);
      announce(UNDO.undone([row.name]));
    },
  },
  {
    id: 'revoke',
    label: LIST.revoke,
    icon: Trash2,
    danger: true,
    offered: ({ may }) => may.revoke,
    async run(row, tokens) {
      const revoking = await tokens.revoke([row]);
      if (revoking) announce(UNDO.begun(revoking.names));
    },
  },
];
