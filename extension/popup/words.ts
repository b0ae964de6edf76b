import type { CopyState, TokenKind } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import { delayWords } from './expiry.ts';

/** Everything that the popup says. */

export const TAB_NAMES = {
  create: say('tab_create'),
  tokens: say('tab_tokens'),
  proxy: say('tab_proxy'),
} as const;

export const KIND_HINTS: Record<TokenKind, string> = {
  backend: say('backend_hint'),
  frontend: say('frontend_hint'),
  personal: say('personal_hint'),
  admin: say('admin_hint'),
};

export const EXPIRES_NAMES = {
  '7': say('expires_7'),
  '30': say('expires_30'),
  '60': say('expires_60'),
  never: say('never'),
  custom: say('custom'),
} as const;

/** How a chosen expiry reads in its field. */
export const EXPIRES_SHOWN = {
  '7': say('in_7'),
  '30': say('in_30'),
  '60': say('in_60'),
  never: say('never'),
  custom: say('custom'),
} as const;

export const FIELD_ERRORS = {
  name: say('need_name'),
  description: say('need_description'),
  projects: say('need_project'),
  environment: say('need_environment'),
  expires: {
    missing: '',
    past: say('past_day'),
    'not-a-date': say('not_a_day'),
  },
} as const;

/**
 * "Copied. Clears in 30 s." as it is said once; the count beside it runs in silence. `form` is a sentence on what the
 * copy is in; a blind clear is told of at the end.
 */
export function copiedStatus(
  copy: Pick<CopyState, 'delaySeconds' | 'blind'>,
  form: string | null = null,
): string {
  const { delaySeconds } = copy;
  const copied =
    delaySeconds === null ? say('copied_stays') : say('copied_clears', delayWords(delaySeconds));
  return [copied, form, blindWords(copy)].filter(Boolean).join(' ');
}

/** That the clear will take whatever is there by then; null where it will look first, or never comes. */
export function blindWords({
  delaySeconds,
  blind,
}: Pick<CopyState, 'delaySeconds' | 'blind'>): string | null {
  return blind && delaySeconds !== null ? say('blind') : null;
}

/** The same with what is left of it. */
export function copiedTitle(secondsLeft: number | null): string {
  if (secondsLeft === null) return say('copied_stays');
  return say(
    'copied_clears',
    secondsLeft > 90 ? say('minutes', Math.ceil(secondsLeft / 60)) : say('seconds', secondsLeft),
  );
}

/** What stands at the foot of the form before anything is created. */
export function goesToClipboard(clearAfterSeconds: number | null): string {
  return clearAfterSeconds === null
    ? say('goes_stays')
    : say('goes_clears', delayWords(clearAfterSeconds));
}

export const WORDS = {
  product: 'Tokenleash',
  options: say('options'),
  addInstance: say('add_instance'),
  loading: say('loading'),
  slow: (host: string) => say('slow', host),
  tabs: say('views'),
  tryAgain: say('try_again'),
  tokenType: say('token_type'),
  name: say('name_field'),
  description: say('description_field'),
  projects: say('projects'),
  allProjects: say('all_and_future'),
  addProject: say('add_project'),
  chooseProject: say('choose_project'),
  noProject: say('no_project'),
  projectOnly: say('project_only'),
  allProjectsHint: say('all_hint'),
  remove: (name: string) => say('remove_choice', name),
  environment: say('environment'),
  noEnvironment: say('no_environment'),
  expires: say('expires'),
  expiresOn: say('expires_on'),
  noExpiry: say('no_expiry_matches'),
  never: say('works_until'),
  createTitle: say('create_token'),
  createAndCopy: say('create_and_copy'),
  creating: say('creating'),
  nothingCopied: say('nothing_copied'),
  use: (value: string) => say('use', value),
  slots: (used: number, limit: number) => say('slots_used', used, limit),
  slotsFull: say('slots_full'),
  seePersonal: say('see_personal'),
  scriptTitle: say('script_title'),
  scriptText: say('script_text'),
  scriptLink: say('script_link'),
  proxyHolds: say('proxy_holds'),
  justCreated: say('just_created'),
  keptFor: (minutes: number) => say('kept_for', minutes),
  reveal: say('reveal'),
  hidden: say('hidden'),
  copy: say('copy'),
  dismiss: say('dismiss'),
  secret: say('token'),
  holdReveal: say('hold_reveal'),
  copyAgain: say('copy_again'),
  sendToProxy: say('send_to_proxy'),
  done: say('done'),
  type: say('type'),
  owner: say('owner'),
  notCopied: say('not_copied'),
  cleared: say('cleared'),
  pasteNow: say('paste_now'),
  onlyOnce: say('only_once'),
  takesAMinute: say('takes_a_minute'),
  sendMoves: say('send_moves'),
  copyLater: say('copy_later'),
  keptInMemory: (minutes: number) => say('kept_in_memory', minutes),
  sent: (profile: string) => say('in_proxy', profile),
  sentText: say('in_proxy_text'),
  makeProfile: (name: string) => say('make_profile', name),
  unpairedTitle: say('no_proxy'),
  unpairedText: say('no_proxy_text'),
  openProxy: say('open_proxy'),
  gone: say('not_kept_any_more'),
  clearNow: say('clear_now'),
  notOurs: say('not_ours'),
  notCleared: say('left_not_cleared'),
  clearRefused: say('clear_refused'),
  nothingToClear: say('nothing_to_clear'),
  notAnswered: say('clear_unknown'),
  openLogin: say('open_login'),
  openApiAccess: say('open_api_access'),
  openPersonal: say('open_personal'),
  backgroundTitle: say('silent_title'),
  backgroundText: say('silent_text'),
} as const;

export const FIRST_RUN = {
  title: say('first_title'),
  text: say('first_text'),
  steps: [
    [say('first_1'), say('first_1_where')],
    [say('first_2'), say('first_2_what')],
    [say('first_3'), say('first_3_why')],
  ],
  foot: say('first_foot'),
} as const;

export const NOT_LOGGED_IN = {
  title: say('log_in_title'),
  before: `${say('log_in_before')} `,
  after: say('log_in_after'),
  foot: say('log_in_foot'),
} as const;

export const NO_ACCESS = {
  title: say('access_taken'),
  text: (host: string) => say('access_taken_text', host),
  allow: say('allow_in_tab'),
} as const;

export const UNREACHABLE = {
  title: (host: string) => say('did_not_answer', host),
  notUnleash: (host: string) => say('is_no_unleash', host),
  change: say('change_address'),
} as const;

export const BARRED = {
  title: say('barred_title'),
  titleNothing: say('barred_nothing'),
  role: `${say('barred_role')} `,
  noRole: `${say('barred_no_role')} `,
  ask: say('barred_ask'),
  everywhere: say('everywhere'),
  inOneProject: say('in_one_project'),
  copyRequest: say('copy_request'),
  requestCopied: say('request_copied'),
  requestNotCopied: say('request_not_copied'),
  still: `${say('barred_still')} `,
  stillLink: say('barred_still_link'),
  what: say('barred_what'),
  request: (user: string, role: string | null, url: string, rights: readonly string[]) =>
    [
      say('request_hello', url),
      role ? say('request_user_role', user, role) : say('request_user', user),
      say('request_rights', rights.join(', ')),
    ].join(' '),
} as const;

export const PROXY = {
  heading: say('tab_proxy'),
  title: say('pair_title'),
  text: say('pair_text'),
  start: say('pair_start'),
  pairCommand: say('pair_command'),
  code: say('pair_code'),
  codeHint: say('pair_code_hint'),
  pair: say('pair'),
  paired: say('pair_done'),
  running: say('running'),
  pairedWith: say('paired_here'),
  unpair: say('unpair'),
  unpaired: say('unpaired'),
  profile: say('profile'),
  access: say('access'),
  state: say('state'),
  address: 'Unleash',
  none: say('no_profile'),
  noneText: say('no_profile_text'),
  unreachable: say('proxy_silent'),
  refused: say('proxy_refused'),
  refusedNext: say('proxy_refused_next'),
} as const;

const ACCESS_NAMES: Record<string, string> = {
  read: say('access_read'),
  ask: say('access_ask'),
  write: say('access_write'),
};

const STATE_NAMES: Record<string, string> = {
  ready: say('state_ready'),
  'waiting-for-secret': say('state_waiting'),
  expired: say('state_expired'),
  unauthorized: say('state_unauthorized'),
  unreachable: say('state_unreachable'),
};

/** What a profile lets its clients do, in the middle of a line; what a newer proxy says stays as it says it. */
export function accessName(access: string): string {
  return ACCESS_NAMES[access] ?? access;
}

/** How a profile is; what a newer proxy says stays as it says it. */
export function stateName(state: string): string {
  return STATE_NAMES[state] ?? state;
}
