import type { Settings } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import { Segments } from '../ui/segments.tsx';
import { Switch } from '../ui/switch.tsx';
import { Section } from './section.tsx';
import type { Options } from './store.ts';
import { LOCKED } from './words/expiry.ts';
import { COPY, SECTIONS } from './words.ts';

const DELAYS: { value: string; label: string; seconds: Settings['clearAfterSeconds'] }[] = (
  [10, 20, 30, 60, 120, 300, null] as const
).map((seconds) => ({
  value: seconds === null ? 'never' : `${seconds}`,
  label: seconds === null ? COPY.never : COPY.delay(seconds),
  seconds,
}));

/** What happens to a token on its way through the clipboard. */
export function SecureCopySection({ options }: { options: Options }) {
  const settings = options.settings.value;
  if (!settings) return null;
  const { longestClearSeconds: bound } = settings.managed;
  const mayChoose = (seconds: Settings['clearAfterSeconds']) =>
    bound === null ||
    seconds === settings.clearAfterSeconds ||
    (seconds !== null && seconds <= bound);
  const longest = bound === null ? undefined : DELAYS.findLast(({ seconds }) => mayChoose(seconds));
  return (
    <Section id="copy" title={SECTIONS.copy} text={COPY.text}>
      <div class="rows">
        <div class="setting">
          <div>
            <span class="setting-name">{COPY.after}</span>
            <div class="hint" id="after-hint">
              {COPY.afterHint} {longest && LOCKED.longest(longest.label)}
            </div>
          </div>
          <Segments
            label={COPY.after}
            segments={DELAYS.filter(({ seconds }) => mayChoose(seconds))}
            value={settings.clearAfterSeconds === null ? 'never' : `${settings.clearAfterSeconds}`}
            onChange={(value) => {
              const delay = DELAYS.find((entry) => entry.value === value);
              if (delay) void options.change({ clearAfterSeconds: delay.seconds });
            }}
            describedBy="after-hint"
          />
        </div>
        <Switch
          label={COPY.onlyOurs}
          hint={COPY.onlyOursHint}
          checked={options.readsClipboard.value}
          onChange={(checked) => {
            void options.readClipboard(checked).then((done) => {
              if (!done) announce(checked ? COPY.notGranted : COPY.notTaken);
            });
          }}
        />
      </div>
    </Section>
  );
}
