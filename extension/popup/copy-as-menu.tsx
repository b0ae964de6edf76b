import {
  Box,
  Braces,
  ChevronLeft,
  ChevronRight,
  CodeXml,
  FileText,
  Heading,
  Layers,
  Lock,
  type LucideIcon,
  Terminal,
  TextAlignStart,
} from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { type CopyFormatId, formatsFor } from '../../shared/token/copy-as/formats.ts';
import type { LastFormats, TokenKind } from '../platform/messages.ts';
import { formatName } from '../ui/format-names.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { COPY_AS } from './words/copy-as.ts';

/** A format without one has that of code. */
const ICONS: Partial<Record<CopyFormatId, LucideIcon>> = {
  plain: TextAlignStart,
  'authorization-header': Heading,
  dotenv: FileText,
  curl: Terminal,
  'kubernetes-secret': Box,
  'gh-secret-set': Lock,
  'terraform-variables': Layers,
};

type Props = {
  kind: TokenKind;
  onChoose: (format: CopyFormatId) => void;
} & (
  | { lastFormats: () => Promise<LastFormats>; known?: never; inRow?: never }
  /** In a row of a list: an icon alone, and what was chosen last is known. `active`: the row is in the tab order. */
  | { known: LastFormats; inRow: { active: boolean }; lastFormats?: never }
);

/**
 * "Copy as…" with what makes sense for the token's kind. It opens where the format that was chosen last for this kind
 * stands, which has the focus: Enter, Enter repeats it.
 */
export function CopyAsMenu({ kind, lastFormats, known, inRow, onChoose }: Props) {
  const [chosen, setLast] = useState<CopyFormatId | null>(null);
  const last = known ? (known[kind] ?? null) : chosen;
  // `back`: all of them, come from the SDKs.
  const [list, setList] = useState<'all' | 'sdk' | 'back'>('all');
  const formats = formatsFor(kind);
  const sdks = formats.filter(({ group }) => group === 'sdk');

  useEffect(() => {
    let gone = false;
    void lastFormats?.().then((kept) => {
      if (!gone) setLast((chosen) => chosen ?? kept[kind] ?? null);
    });
    return () => {
      gone = true;
    };
  }, [lastFormats, kind]);

  const item = (format: CopyFormatId, label: string, close: () => void) => (
    <MenuItem
      key={format}
      first={list !== 'back' && format === last}
      onClick={() => {
        close();
        setLast(format);
        onChoose(format);
      }}
    >
      <Icon of={ICONS[format] ?? CodeXml} />
      <span class="menu-text">{label}</span>
    </MenuItem>
  );
  return (
    <Menu
      label={COPY_AS.open}
      align="end"
      {...(inRow
        ? { inRow: { act: 'copy-as', tabIndex: inRow.active ? 0 : -1 } }
        : { outlined: true })}
      list={list}
      onOpen={() => setList(sdks.some(({ id }) => id === last) ? 'sdk' : 'all')}
      onBack={list === 'sdk' ? () => setList('back') : undefined}
      button={
        <>
          <Icon of={Braces} />
          {!inRow && <span>{COPY_AS.open}</span>}
        </>
      }
    >
      {(close) =>
        list === 'sdk' ? (
          <>
            <MenuItem onClick={() => setList('back')}>
              <Icon of={ChevronLeft} />
              <span class="menu-text">{COPY_AS.back}</span>
            </MenuItem>
            {sdks.map((format) => item(format.id, formatName(format), close))}
          </>
        ) : (
          formats.map((format) => {
            if (format.group === undefined) return item(format.id, formatName(format), close);
            return format.id === sdks[0]?.id ? (
              <MenuItem key="sdk" opensList first={list === 'back'} onClick={() => setList('sdk')}>
                <Icon of={CodeXml} />
                <span class="menu-text">{COPY_AS.sdk}</span>
                <Icon of={ChevronRight} small />
              </MenuItem>
            ) : null;
          })
        )
      }
    </Menu>
  );
}
