import type { Settings } from '../platform/messages.ts';
import { Segments } from '../ui/segments.tsx';
import { Switch } from '../ui/switch.tsx';
import { lockOf } from './locked.ts';
import { Section } from './section.tsx';
import type { Options } from './store.ts';
import { EXPIRY } from './words/expiry.ts';

const DAYS = ([3, 7, 14, 30] as const).map((days) => ({
  value: `${days}`,
  label: EXPIRY.daysChoice(days),
  days,
}));

/** How tokens that end soon are told of; notifications by instance. */
export function ExpirySection({ options }: { options: Options }) {
  const settings = options.settings.value;
  if (!settings) return null;
  const lock = lockOf(settings);
  const muted = settings.expiryMuted;
  const locked = lock('expiryDays');
  return (
    <Section id="expiry" title={EXPIRY.title} text={EXPIRY.text}>
      <div class="rows">
        <div class="setting">
          <div>
            <span class="setting-name">{EXPIRY.days}</span>
            <div class="hint" id="days-hint">
              {EXPIRY.daysHint} {locked}
            </div>
          </div>
          <Segments
            label={EXPIRY.days}
            segments={locked ? DAYS.filter(({ days }) => days === settings.expiryDays) : DAYS}
            value={`${settings.expiryDays}`}
            onChange={(value) =>
              void options.change({ expiryDays: Number(value) as Settings['expiryDays'] })
            }
            describedBy="days-hint"
          />
        </div>
        <Switch
          label={EXPIRY.badge}
          hint={EXPIRY.badgeHint}
          locked={lock('expiryBadge')}
          checked={settings.expiryBadge}
          onChange={(expiryBadge) => void options.change({ expiryBadge })}
        />
        <Switch
          label={EXPIRY.notifications}
          hint={EXPIRY.notificationsHint}
          locked={lock('expiryNotifications')}
          checked={settings.expiryNotifications}
          onChange={(expiryNotifications) => void options.change({ expiryNotifications })}
        />
        {settings.expiryNotifications &&
          options.instances.value?.map(({ id, name }) => (
            <Switch
              key={id}
              label={EXPIRY.from(name)}
              hint={EXPIRY.fromHint(id)}
              checked={!muted.includes(id)}
              onChange={(heard) => {
                const others = muted.filter((one) => one !== id);
                void options.change({ expiryMuted: heard ? others : [...others, id] });
              }}
            />
          ))}
      </div>
    </Section>
  );
}
