import type { Failure, Nothing } from './vocabulary.ts';

export type Settings = {
  clearAfterSeconds: 10 | 20 | 30 | 60 | 120 | 300 | null;
  pageSecureCopy: boolean;
  pageShownOnce: boolean;
  pageQuickCreate: boolean;
  pageExpiryMarks: boolean;
  /** The keys on a flag's page that open the form for its project. */
  pageFlagShortcut: boolean;
  /** The number of tokens that end soon, on the toolbar's button. */
  expiryBadge: boolean;
  /** A notification, once per token and threshold. */
  expiryNotifications: boolean;
  /** Ids of the instances that no notification comes from all the same. */
  expiryMuted: string[];
  /** How many days before its end a token counts as ending soon. */
  expiryDays: 3 | 7 | 14 | 30;
  theme: 'system' | 'light' | 'dark';
};

/** What an administrator has set by policy, and the user cannot change. */
export type Managed = {
  /** These settings stand as they are. */
  keys: (keyof Settings)[];
  /** Delays up to this many seconds may be chosen, "never" not; null: all of them. */
  longestClearSeconds: number | null;
  /** Ids of instances that are there without having been added, and cannot be removed. */
  instances: string[];
};

/** The settings as they are in force, an administrator's over the user's. */
export type SettingsInForce = Settings & { managed: Managed };

/** What the user set. */
export type SettingsMessages = {
  'settings.read': { tier: 'internal'; request: Nothing; answer: SettingsInForce };
  /** What is managed keeps its value whatever is written. Where the browser has no room left nothing is changed. */
  'settings.write': {
    tier: 'internal';
    request: Partial<Settings>;
    answer: { ok: true; settings: SettingsInForce } | Failure;
  };
};
