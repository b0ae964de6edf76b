import { say } from '../../platform/say.ts';

/** What the Proxy tab says of profiles and their tokens. */

export const PROFILE = {
  label: say('profile'),
  noMatch: say('profile_no_match'),
  nowCurrent: (name: string) => say('profile_now', name),
} as const;

export const NEW_PAT = {
  act: say('new_pat'),
  of: (owner: string) => say('pat_of', owner),
  known: say('pat_known'),
  none: say('pat_none'),
  until: (time: string) => say('pat_until', time),
  never: say('pat_never'),
  expired: (time: string) => say('pat_expired', time),
  goesTo: (host: string, profile: string) => say('pat_goes_to', host, profile),
  goesNowhere: (host: string) => say('pat_goes_nowhere', host),
  replaced: say('pat_replaced'),
  kept: say('pat_kept'),
  makeProfile: (name: string) => say('make_profile', name),
  seePersonal: say('see_personal'),
  openLogin: say('open_login'),
  unsure: say('pat_unsure'),
} as const;
