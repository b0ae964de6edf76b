import type { Settings, TransferChange } from '../../platform/messages.ts';

export const TRANSFER = {
  title: 'Import and export',
  text: 'Settings, instances and recipes, to another browser or to a colleague. No token, no pairing.',
  export: 'Export settings',
  exportHint: 'Downloads a file of plain text.',
  exported: 'Exported.',
  choose: 'Choose a settings file',
  chooseHint: 'You see what it changes before anything is changed.',
  fileName: 'tokenleash-settings.json',
  nothing: 'Everything in this file is set here already.',
  heading: 'What would change',
  hosts: 'The browser asks for access to the new instances.',
  unknown: (names: string[]) => `Not known to this version, left out: ${names.join(', ')}.`,
  locked: (names: string[]) => `Set by your administrator, stays: ${names.join(', ')}.`,
  take: 'Import',
  taken: (changes: number) => (changes === 1 ? '1 change made.' : `${changes} changes made.`),
  notAllowed:
    'Access to the new instances was not given. Choose Allow beside each of them when you need it.',
} as const;

export const SETTING_NAMES: Record<keyof Settings, string> = {
  clearAfterSeconds: 'Clear the clipboard after',
  pageSecureCopy: 'Also for Unleash’s own copy buttons',
  pageShownOnce: 'Hide a token that Unleash shows once',
  pageQuickCreate: 'Quick create',
  pageExpiryMarks: 'Marks for expiry in Unleash’s tables',
  pageFlagShortcut: 'Keys on a flag’s page',
  expiryBadge: 'Badge for tokens that expire soon',
  expiryNotifications: 'Notifications for tokens that expire soon',
  expiryMuted: 'Instances without notifications',
  expiryDays: 'Expires soon',
  theme: 'Theme',
};

/** "Theme: System → Dark". */
export function changeWords(change: TransferChange): string {
  if (change.of === 'setting') {
    return `${SETTING_NAMES[change.key]}: ${valueWords(change.key, change.before)} → ${valueWords(change.key, change.after)}`;
  }
  if (change.of === 'recipe') {
    return change.change === 'added'
      ? `New recipe: ${change.name}`
      : `Recipe replaced: ${change.name}`;
  }
  return change.change === 'added'
    ? `New instance: ${change.name} (${change.id})`
    : `Instance ${change.id} gets the name ${change.name}`;
}

function valueWords(key: keyof Settings, value: Settings[keyof Settings]): string {
  if (value === null) return 'never';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'string') return value;
  if (key === 'expiryDays') return `${value} days`;
  return value < 120 ? `${value} s` : `${value / 60} min`;
}
