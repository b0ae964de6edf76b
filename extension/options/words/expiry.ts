import { say } from '../../platform/say.ts';

export const EXPIRY = {
  title: say('expiry'),
  text: say('expiry_text'),
  days: say('expires_soon'),
  daysHint: say('expires_soon_hint'),
  daysChoice: (days: number) => say('days_choice', days),
  badge: say('badge'),
  badgeHint: say('badge_hint'),
  notifications: say('notifications'),
  notificationsHint: say('notifications_hint'),
  from: (name: string) => say('from_instance', name),
  fromHint: (address: string) => say('tokens_of', address),
} as const;

export const LOCKED = {
  title: say('locked_title'),
  text: say('locked_text'),
  one: say('locked'),
  longest: (words: string) => say('locked_longest', words),
} as const;
