import type { Settings, TransferChange } from '../../platform/messages.ts';
import { numberWords, say, sayCount } from '../../platform/say.ts';

export const TRANSFER = {
  title: say('transfer'),
  text: say('transfer_text'),
  export: say('export'),
  exportHint: say('export_hint'),
  exported: say('exported'),
  choose: say('choose_file'),
  chooseHint: say('choose_file_hint'),
  fileName: 'tokenleash-settings.json',
  nothing: say('nothing_new'),
  heading: say('would_change'),
  hosts: say('asks_for_hosts'),
  unknown: (names: string[]) => say('left_out', names.join(', ')),
  locked: (names: string[]) => say('locked_out', names.join(', ')),
  take: say('import'),
  taken: (changes: number) => sayCount('changes_made', changes),
  notAllowed: say('hosts_not_given'),
} as const;

export const SETTING_NAMES: Record<keyof Settings, string> = {
  clearAfterSeconds: say('clear_after'),
  pageSecureCopy: say('page_copy'),
  pageShownOnce: say('page_once'),
  pageQuickCreate: say('quick_create'),
  pageExpiryMarks: say('page_marks'),
  pageFlagShortcut: say('page_flag'),
  expiryBadge: say('badge_setting'),
  expiryNotifications: say('notifications_setting'),
  expiryMuted: say('muted_setting'),
  expiryDays: say('expires_soon'),
  theme: say('theme'),
};

const THEME_VALUES: Record<Settings['theme'], string> = {
  system: say('value_system'),
  light: say('value_light'),
  dark: say('value_dark'),
};

/** "Theme: System → Dark". */
export function changeWords(change: TransferChange): string {
  if (change.of === 'setting') {
    return `${SETTING_NAMES[change.key]}: ${valueWords(change.key, change.before)} → ${valueWords(change.key, change.after)}`;
  }
  if (change.of === 'recipe') {
    return change.change === 'added'
      ? say('new_recipe', change.name)
      : say('recipe_replaced', change.name);
  }
  return change.change === 'added'
    ? say('new_instance', change.name, change.id)
    : say('instance_renamed', change.id, change.name);
}

function valueWords(key: keyof Settings, value: Settings[keyof Settings]): string {
  if (value === null) return say('value_never');
  if (typeof value === 'boolean') return value ? say('on') : say('off');
  if (Array.isArray(value)) return value.length === 0 ? say('none') : value.join(', ');
  if (typeof value === 'string') return THEME_VALUES[value];
  if (key === 'expiryDays') return say('days_choice', value);
  return value < 120 ? say('seconds', value) : say('minutes', numberWords(value / 60));
}
