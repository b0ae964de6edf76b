import { EXPIRY } from './words/expiry.ts';
import { RECIPES } from './words/recipes.ts';
import { TRANSFER } from './words/transfer.ts';

/** Everything that the options page says, but for what stands in `words/`. */

export const SECTIONS = {
  instances: 'Instances',
  copy: 'Secure copy',
  pages: 'On Unleash’s pages',
  recipes: RECIPES.title,
  proxy: 'Proxies',
  expiry: EXPIRY.title,
  shortcuts: 'Shortcuts',
  appearance: 'Appearance',
  transfer: TRANSFER.title,
} as const;

export const OPTIONS = {
  product: 'Tokenleash',
  sections: 'Sections',
  version: (version: string) => `Version ${version}`,
  undo: 'Undo',
  save: 'Save',
  cancel: 'Cancel',
} as const;

export const INSTANCES = {
  text: 'Unleash servers that Tokenleash may talk to. It has access to these and to nothing else.',
  url: 'Unleash URL',
  urlHint: 'Any address of it will do, like https://unleash.example.com/projects.',
  add: 'Add instance',
  refusedTitle: 'Not allowed',
  refused: (host: string) =>
    `You did not allow access to ${host}. Choose Add instance again, and Allow.`,
  recognised: (version: string | null) =>
    version === null ? 'Recognised as Unleash.' : `Recognised as Unleash ${version}.`,
  loggedIn: 'You are logged in.',
  loggedInAs: (user: string) => `Logged in as ${user}`,
  notLoggedIn: 'Not logged in',
  logIn: 'Log in',
  logInFirst: 'You are not logged in to it.',
  none: 'No instance yet',
  noneText: 'Enter the address of your Unleash above.',
  asking: 'Asking',
  taken: 'Access taken back',
  allow: 'Allow',
  allowed: (name: string) => `Tokenleash may reach ${name} again.`,
  stillTaken: (name: string) => `Tokenleash may not reach ${name}. Choose Allow again, and Allow.`,
  silent: 'Did not answer',
  notUnleash: 'Not an Unleash',
  more: 'More',
  rename: 'Rename',
  name: 'Name',
  nameHint: (host: string) => `Leave it empty for ${host}.`,
  renamed: (name: string) => `The name is ${name} now.`,
  first: 'Opens first',
  openFirst: 'Open the popup with this one',
  openedFirst: (name: string) => `The popup opens with ${name} now.`,
  remove: 'Remove',
  removed: (name: string) => `${name} removed.`,
  back: (name: string) => `${name} is back.`,
  unleash: (version: string) => `Unleash ${version}`,
  use: (value: string) => `Use ${value}`,
} as const;

export const COPY = {
  text: 'What happens to a token on its way through the clipboard.',
  after: 'Clear the clipboard after',
  afterHint: 'A clipboard history or a clipboard shared between devices may keep its own copy.',
  never: 'Never',
  onlyOurs: 'Clear only what Tokenleash wrote',
  onlyOursHint:
    'Needs the right to read the clipboard, which it uses when it is about to clear. Without it, Tokenleash clears whatever is there.',
  notGranted: 'The browser did not give the right to read the clipboard.',
  notTaken: 'The browser keeps the right to read the clipboard.',
} as const;

export const PAGES = {
  text: 'What Tokenleash adds to the admin UI of your instances. Open pages follow when they are loaded again.',
  copy: 'Also for Unleash’s own copy buttons',
  copyHint: 'Copies on your instances become plain text and are cleared too.',
  once: 'Hide a token that Unleash shows once',
  onceHint: 'The dialog waits until you copy it or let it go.',
  quick: 'Quick create',
  quickHint: 'A button on Unleash’s token pages that opens the form filled in.',
  marks: 'Marks for expiry in Unleash’s tables',
  marksHint: 'Shown beside the token’s name.',
  flag: 'Keys on a flag’s page',
  flagHint: 'Two keys open the form for the flag’s project and environment.',
} as const;

export const PROXY = {
  text: 'The local program that gives scripts a personal token without a file that holds it.',
  none: 'No proxy is paired',
  noneText: 'Start the proxy, type this in a terminal, and enter its code within a minute.',
  code: 'Pairing code',
  pair: 'Pair',
  paired: 'Paired.',
  running: 'Running',
  profile: (name: string) => `Profile ${name}`,
  unreachable: 'Did not answer',
  refused: 'Does not know this browser',
  unpair: 'Unpair',
  unpaired: 'Unpaired. The proxy keeps its tokens.',
} as const;

export const SHORTCUTS = {
  text: 'Keys as they are bound in this browser at the moment.',
  open: 'Open Tokenleash',
  unbound: 'Not set',
  change: 'Change shortcuts',
  changeHint: 'Only the browser can change them, on a page of its own.',
  noWay:
    'This browser lets no extension open that page. Go to about:addons, choose the gear, then Manage Extension Shortcuts.',
} as const;

export const APPEARANCE = {
  text: 'For Tokenleash’s own pages. On Unleash’s pages it follows Unleash.',
  theme: 'Theme',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
} as const;

export const SILENT = 'Tokenleash’s background part did not answer. Reload this page.';
