import type { Settings } from '../platform/messages.ts';
import { Switch } from '../ui/switch.tsx';
import { lockOf } from './locked.ts';
import { Section } from './section.tsx';
import type { Options } from './store.ts';
import { PAGES, SECTIONS } from './words.ts';

type PageSetting = Extract<keyof Settings, `page${string}`>;

/** A switch for each feature on Unleash's own pages; a setting without a line here does not compile. */
const FEATURES: Record<PageSetting, { label: string; hint: string }> = {
  pageSecureCopy: { label: PAGES.copy, hint: PAGES.copyHint },
  pageShownOnce: { label: PAGES.once, hint: PAGES.onceHint },
  pageQuickCreate: { label: PAGES.quick, hint: PAGES.quickHint },
  pageExpiryMarks: { label: PAGES.marks, hint: PAGES.marksHint },
  pageFlagShortcut: { label: PAGES.flag, hint: PAGES.flagHint },
};

/** What Tokenleash adds to the admin UI, each part with its switch. */
export function PagesSection({ options }: { options: Options }) {
  const settings = options.settings.value;
  if (!settings) return null;
  const lock = lockOf(settings);
  return (
    <Section id="pages" title={SECTIONS.pages} text={PAGES.text}>
      <div class="rows">
        {(Object.keys(FEATURES) as PageSetting[]).map((setting) => (
          <Switch
            key={setting}
            {...FEATURES[setting]}
            locked={lock(setting)}
            checked={settings[setting]}
            onChange={(checked) => void options.change({ [setting]: checked })}
          />
        ))}
      </div>
    </Section>
  );
}
