/** What the Proxy tab says of profiles and their tokens. */

export const PROFILE = {
  label: 'Profile',
  noMatch: 'No profile matches',
  nowCurrent: (name: string) => `Profile ${name} is the current one.`,
} as const;

export const NEW_PAT = {
  act: 'New PAT for the proxy',
  of: (owner: string) => `PAT of ${owner}`,
  known: 'PAT',
  none: 'No PAT yet',
  until: (time: string) => `until ${time}`,
  never: 'never expires',
  expired: (time: string) => `expired ${time}`,
  goesTo: (host: string, profile: string) =>
    `Made on ${host} for 30 days, for profile ${profile}. It is not shown and not copied.`,
  goesNowhere: (host: string) => `No profile of the proxy is for ${host} yet.`,
  replaced:
    'The one before is still good in Unleash until it is revoked. The proxy does not use it any more.',
  kept: 'It stays under “Just created” for 5 min. Then press Send to proxy there.',
  makeProfile: (name: string) => `Make profile ${name}`,
  seePersonal: 'See your personal tokens',
  openLogin: 'Open login page',
  unsure: 'Check Tokens before you press it again.',
} as const;

/** The states of a profile; one of a later proxy is shown as it calls it. */
export const PROFILE_STATES: Readonly<Record<string, string>> = {
  ready: 'Ready',
  'waiting-for-secret': 'Waits for a token',
  expired: 'Token expired',
  unauthorized: 'Unleash refused the token',
  unreachable: 'Unleash did not answer',
};
