import type { Settings } from '../platform/messages.ts';
import { Segments } from '../ui/segments.tsx';
import { Section } from './section.tsx';
import type { Options } from './store.ts';
import { APPEARANCE, SECTIONS } from './words.ts';

const THEMES = (['system', 'light', 'dark'] as const).map((value) => ({
  value,
  label: APPEARANCE.themes[value],
}));

/** Light, dark, or as the system has it. */
export function AppearanceSection({ options }: { options: Options }) {
  const settings = options.settings.value;
  if (!settings) return null;
  return (
    <Section id="appearance" title={SECTIONS.appearance} text={APPEARANCE.text}>
      <div class="rows">
        <div class="setting">
          <span class="setting-name">{APPEARANCE.theme}</span>
          <Segments<Settings['theme']>
            label={APPEARANCE.theme}
            segments={THEMES}
            value={settings.theme}
            onChange={(theme) => void options.change({ theme })}
          />
        </div>
      </div>
    </Section>
  );
}
