export const EXPIRY = {
  title: 'Expiry',
  text: 'How Tokenleash tells you that tokens end soon.',
  days: 'Expires soon',
  daysHint: 'So long before its end a token is marked, counted and told of.',
  daysChoice: (days: number) => `${days} days`,
  badge: 'Badge on the toolbar’s button',
  badgeHint: 'The number of tokens that end soon.',
  notifications: 'Notifications',
  notificationsHint: 'Once for each token. They name the token, never its secret.',
  from: (name: string) => `From ${name}`,
  fromHint: (address: string) => `Tokens of ${address}.`,
} as const;

export const LOCKED = {
  title: 'Your administrator has set some of this',
  text: 'What is marked so cannot be changed here.',
  one: 'Set by your administrator.',
  longest: (words: string) => `Your administrator allows at most ${words}.`,
} as const;
