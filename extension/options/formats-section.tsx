import { type CopyFormatId, formatsFor } from '../../shared/token/copy-as/formats.ts';
import type { TokenKind } from '../platform/messages.ts';
import { formatName } from '../ui/format-names.ts';
import { KIND_NAMES } from '../ui/kind-names.ts';
import { SelectField } from '../ui/select-field.tsx';
import { Section } from './section.tsx';
import type { Options } from './store.ts';
import { FORMATS } from './words/formats.ts';

const KINDS: readonly TokenKind[] = ['backend', 'frontend', 'personal', 'admin'];

/** No format of its own: the menu opens at its first line. */
const NONE = '';

/** Where "Copy as…" opens, for each kind of token. */
export function FormatsSection({ options }: { options: Options }) {
  return (
    <Section id="formats" title={FORMATS.title} text={FORMATS.text}>
      <div class="rows">
        {KINDS.map((kind) => (
          <div class="setting choice" key={kind}>
            <SelectField
              label={KIND_NAMES[kind]}
              options={[
                { value: NONE, label: FORMATS.none },
                ...formatsFor(kind).map((format) => ({
                  value: format.id,
                  label: formatName(format),
                })),
              ]}
              value={options.formats.value[kind] ?? NONE}
              onChange={(chosen) =>
                void options.preferFormat(kind, chosen === NONE ? null : (chosen as CopyFormatId))
              }
              nothing={FORMATS.nothing}
            />
          </div>
        ))}
      </div>
    </Section>
  );
}
