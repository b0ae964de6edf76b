import { ExternalLink } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { Section } from './section.tsx';
import type { Options } from './store.ts';
import { SECTIONS, SHORTCUTS } from './words.ts';

/** What the manifest calls the command that opens the popup; browsers give it no description of their own. */
const OPEN_POPUP = '_execute_action';

/** The shortcuts as they really are bound, and the way to the browser's page that changes them. */
export function ShortcutsSection({ options }: { options: Options }) {
  const [noWay, setNoWay] = useState(false);
  useEffect(() => {
    // Whoever comes back from the browser's own page sees what they set there.
    const look = () => void options.loadShortcuts();
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  }, [options]);
  const shortcuts = options.bound.value;
  if (!shortcuts) return null;
  return (
    <Section id="shortcuts" title={SECTIONS.shortcuts} text={SHORTCUTS.text}>
      <dl class="rows">
        {shortcuts.map(({ name, description, keys }) => (
          <div class="setting" key={name}>
            <dt class="setting-name">
              {description || (name === OPEN_POPUP ? SHORTCUTS.open : name)}
            </dt>
            <dd>
              {keys === null ? (
                <span class="meta">{SHORTCUTS.unbound}</span>
              ) : (
                <kbd class="keys">{keys}</kbd>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <div class="after-rows">
        <Button
          icon={ExternalLink}
          describedBy="shortcuts-hint"
          onClick={() => void options.changeShortcuts().then((opened) => setNoWay(!opened))}
        >
          {SHORTCUTS.change}
        </Button>
        <span class="meta" id="shortcuts-hint" role={noWay ? 'alert' : undefined}>
          {noWay ? SHORTCUTS.noWay : SHORTCUTS.changeHint}
        </span>
      </div>
    </Section>
  );
}
