import { numberWords, say } from '../platform/say.ts';
import { EXPIRY } from './words/expiry.ts';
import { FORMATS } from './words/formats.ts';
import { RECIPES } from './words/recipes.ts';
import { TRANSFER } from './words/transfer.ts';

/** Everything that the options page says, but for what stands in `words/`. */

export const SECTIONS = {
  instances: say('section_instances'),
  copy: say('secure_copy'),
  pages: say('on_pages'),
  recipes: RECIPES.title,
  formats: FORMATS.title,
  proxy: say('proxies'),
  expiry: EXPIRY.title,
  shortcuts: say('shortcuts'),
  appearance: say('appearance'),
  transfer: TRANSFER.title,
} as const;

export const OPTIONS = {
  product: 'Tokenleash',
  pageTitle: say('options_title'),
  sections: say('sections'),
  version: (version: string) => say('version', version),
  undo: say('undo'),
  save: say('save'),
  cancel: say('cancel'),
} as const;

export const INSTANCES = {
  text: say('instances_text'),
  url: say('unleash_url'),
  urlHint: say('unleash_url_hint'),
  add: say('add_the_instance'),
  refusedTitle: say('not_allowed'),
  refused: (host: string) => say('host_refused', host),
  recognised: (version: string | null) =>
    version === null ? say('recognised') : say('recognised_version', version),
  loggedIn: say('logged_in'),
  loggedInAs: (user: string) => say('logged_in_as', user),
  notLoggedIn: say('not_logged_in'),
  logIn: say('log_in'),
  logInFirst: say('log_in_there_first'),
  none: say('no_instance'),
  noneText: say('no_instance_text'),
  asking: say('asking'),
  taken: say('taken_back'),
  allow: say('allow'),
  allowed: (name: string) => say('allowed_again', name),
  stillTaken: (name: string) => say('still_taken', name),
  silent: say('silent_short'),
  notUnleash: say('not_unleash_short'),
  more: say('more'),
  rename: say('rename'),
  name: say('name_field'),
  nameHint: (host: string) => say('leave_empty', host),
  renamed: (name: string) => say('renamed', name),
  first: say('opens_first'),
  openFirst: say('open_first'),
  openedFirst: (name: string) => say('opened_first', name),
  remove: say('remove'),
  removed: (name: string) => say('removed', name),
  back: (name: string) => say('is_back', name),
  unleash: (version: string) => say('unleash_version', version),
  use: (value: string) => say('use', value),
  addInClear: say('add_in_clear'),
} as const;

export const COPY = {
  text: say('copy_text'),
  after: say('clear_after'),
  afterHint: say('clear_after_hint'),
  never: say('never'),
  delay: (seconds: number) =>
    seconds < 120 ? say('seconds', seconds) : say('minutes', numberWords(seconds / 60)),
  onlyOurs: say('only_ours'),
  onlyOursHint: say('only_ours_hint'),
  notGranted: say('read_not_granted'),
  notTaken: say('read_not_taken'),
} as const;

export const PAGES = {
  text: say('pages_text'),
  copy: say('page_copy'),
  copyHint: say('page_copy_hint'),
  once: say('page_once'),
  onceHint: say('page_once_hint'),
  quick: say('quick_create'),
  quickHint: say('quick_create_hint'),
  marks: say('page_marks'),
  marksHint: say('page_marks_hint'),
  flag: say('page_flag'),
  flagHint: say('page_flag_hint'),
} as const;

export const PROXY = {
  text: say('proxy_text'),
  none: say('no_proxy'),
  noneText: say('proxy_none_text'),
  code: say('pair_code'),
  pair: say('pair'),
  paired: say('paired'),
  running: say('running'),
  profile: (name: string) => say('profile_name', name),
  unreachable: say('silent_short'),
  refused: say('unknown_browser'),
  unpair: say('unpair'),
  unpaired: say('unpaired'),
} as const;

export const SHORTCUTS = {
  text: say('shortcuts_text'),
  open: say('command_open'),
  unbound: say('unbound'),
  change: say('change_shortcuts'),
  changeHint: say('change_shortcuts_hint'),
  noWay: say('shortcuts_no_way'),
} as const;

export const APPEARANCE = {
  text: say('appearance_text'),
  theme: say('theme'),
  themes: { system: say('theme_system'), light: say('theme_light'), dark: say('theme_dark') },
} as const;

export const SILENT = say('silent_reload');
