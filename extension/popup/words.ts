import type { CopyState, TokenKind } from '../platform/messages.ts';
import { delayWords } from './expiry.ts';

/** Everything that the popup says. */

export const TAB_NAMES = { create: 'Create', tokens: 'Tokens', proxy: 'Proxy' } as const;

export const KIND_NAMES: Record<TokenKind, string> = {
  backend: 'Backend',
  frontend: 'Frontend',
  personal: 'Personal',
  admin: 'Admin',
};

export const KIND_HINTS: Record<TokenKind, string> = {
  backend: 'For server-side SDKs. Reads the flags of the chosen projects.',
  frontend: 'For browsers and apps. Gets evaluated flags, and may be public.',
  personal: 'For scripts. Can do in Unleash whatever you can do.',
  admin: 'For old tools. Can do everything on this server.',
};

export const EXPIRES_NAMES = {
  '7': '7 days',
  '30': '30 days',
  '60': '60 days',
  never: 'Never',
  custom: 'Custom',
} as const;

/** How a chosen expiry reads in its field. */
export const EXPIRES_SHOWN = {
  '7': 'In 7 days',
  '30': 'In 30 days',
  '60': 'In 60 days',
  never: 'Never',
  custom: 'Custom',
} as const;

export const FIELD_ERRORS = {
  name: 'Every token needs a name.',
  description: 'Every personal token needs a description.',
  projects: 'Choose a project, or all of them.',
  environment: 'Choose an environment.',
  expires: {
    missing: '',
    past: 'That day is over. Choose one from today on.',
    'not-a-date': 'Choose a day, like 2027-03-14.',
  },
} as const;

/** "Copied. Clears in 30 s." as it is said once; the count beside it runs in silence. */
export function copiedStatus(copy: Pick<CopyState, 'delaySeconds'>): string {
  return copy.delaySeconds === null
    ? 'Copied. Stays until you copy something else.'
    : `Copied. Clears in ${delayWords(copy.delaySeconds)}.`;
}

/** The same with what is left of it. */
export function copiedTitle(secondsLeft: number | null): string {
  if (secondsLeft === null) return 'Copied. Stays until you copy something else.';
  if (secondsLeft > 90) return `Copied. Clears in ${Math.ceil(secondsLeft / 60)} min.`;
  return `Copied. Clears in ${secondsLeft} s.`;
}

/** What stands at the foot of the form before anything is created. */
export function goesToClipboard(clearAfterSeconds: number | null): string {
  return clearAfterSeconds === null
    ? 'Goes to the clipboard and stays there'
    : `Goes to the clipboard, cleared after ${delayWords(clearAfterSeconds)}`;
}

export const WORDS = {
  product: 'Tokenleash',
  options: 'Options',
  addInstance: 'Add an instance',
  loading: 'Loading',
  slow: (host: string) => `${host} is slow to answer. Tokenleash waits for up to 30 s.`,
  tabs: 'Views',
  tryAgain: 'Try again',
  tokenType: 'Token type',
  name: 'Name',
  description: 'Description',
  projects: 'Projects',
  allProjects: 'All current and future projects',
  addProject: 'Add a project',
  chooseProject: 'Choose a project',
  noProject: 'No project matches',
  projectOnly: 'Only the projects where you may create tokens.',
  allProjectsHint: 'Reads every project, those to come too.',
  remove: (name: string) => `Remove ${name}`,
  environment: 'Environment',
  noEnvironment: 'No environment matches',
  expires: 'Expires',
  expiresOn: 'Expires on',
  noExpiry: 'No expiry matches',
  never: 'Works until you revoke it.',
  createTitle: 'Create a token',
  createAndCopy: 'Create and copy',
  creating: 'Creating',
  nothingCopied: 'Nothing was copied',
  use: (value: string) => `Use ${value}`,
  slots: (used: number, limit: number) => `${used} of ${limit} slots used.`,
  slotsFull: 'All slots are used. Delete one in Unleash first.',
  seePersonal: 'See your personal tokens',
  scriptTitle: 'For a script on this computer?',
  scriptText: 'The proxy can hold the token, so that no file does.',
  scriptLink: 'Use the proxy instead',
  proxyHolds: 'After creating, Send to proxy moves it there.',
  justCreated: 'Just created',
  keptFor: (minutes: number) => `kept for ${minutes} min`,
  reveal: 'Reveal',
  hidden: 'hidden',
  copy: 'Copy',
  dismiss: 'Dismiss',
  secret: 'Token',
  holdReveal: 'Hold Reveal to see it, let go to hide it.',
  copyAgain: 'Copy again',
  sendToProxy: 'Send to proxy',
  done: 'Done',
  type: 'Type',
  owner: 'Owner',
  notCopied: 'Created, but not copied',
  cleared: 'Clipboard cleared',
  pasteNow: 'Paste it now. Tokenleash then empties the clipboard.',
  blind: 'Clears whatever is there then.',
  onlyOnce: 'Unleash will not show this one again.',
  takesAMinute: 'It can take a minute until every Unleash server accepts a new token.',
  sendMoves: 'Send to proxy moves it to the proxy’s key store and clears the clipboard at once.',
  copyLater: 'You can copy it again later from Unleash',
  keptInMemory: (minutes: number) => `Kept under “Just created” for ${minutes} min, in memory only`,
  sent: (profile: string) => `In the proxy, profile ${profile}`,
  sentText: 'The proxy holds it now. It is not on the clipboard.',
  makeProfile: (name: string) => `Make profile ${name}`,
  unpairedTitle: 'No proxy is paired',
  unpairedText: 'Type tokenleash pair in a terminal, then enter its code in Proxy.',
  openProxy: 'Open Proxy',
  gone: 'This token is not kept any more.',
  clearNow: 'Clear now',
  openLogin: 'Open login page',
  openApiAccess: 'Open API access in Unleash',
  openPersonal: 'Open personal tokens in Unleash',
  backgroundTitle: 'Tokenleash did not answer',
  backgroundText: 'Its background part was not there. Close the popup and open it again.',
} as const;

export const FIRST_RUN = {
  title: 'Add your Unleash',
  text: 'Create, copy and revoke tokens from here, without a secret staying on the clipboard or on the screen.',
  steps: [
    ['Enter your server’s address', 'In a tab that opens now'],
    ['Allow access to that address', 'To this one only, until you take it back'],
    ['Log in to Unleash as usual', 'Tokenleash uses that session'],
  ],
  foot: 'It talks only to your servers and your own proxy.',
} as const;

export const NOT_LOGGED_IN = {
  title: 'Log in to Unleash first',
  before: 'You are not logged in to ',
  after: '. Tokenleash works with your Unleash session and never asks for your password.',
  foot: 'After you log in, this popup opens where you left it.',
} as const;

export const NO_ACCESS = {
  title: 'Access was taken back',
  text: (host: string) => `This browser does not let Tokenleash talk to ${host} any more.`,
  allow: 'Allow in a tab',
} as const;

export const UNREACHABLE = {
  title: (host: string) => `${host} did not answer`,
  notUnleash: (host: string) => `${host} is not an Unleash`,
  change: 'Change the address',
} as const;

export const BARRED = {
  title: 'You cannot create API tokens here',
  titleNothing: 'You cannot create tokens here',
  role: 'Your role on this server is ',
  noRole: 'Your role on this server does not allow it. ',
  ask: 'An Unleash admin can give you one of these rights:',
  everywhere: 'everywhere',
  inOneProject: 'in one project',
  copyRequest: 'Copy request for an admin',
  requestCopied: 'Request copied. Send it to an Unleash admin.',
  requestNotCopied: 'The browser did not let Tokenleash copy the request.',
  still: 'You can still create a ',
  stillLink: 'personal token',
  what: 'See which right is missing',
  request: (user: string, role: string | null, url: string, rights: readonly string[]) =>
    `Hello, I would like to create API tokens in Unleash at ${url}. ` +
    `My user is ${user}${role ? `, my role is ${role}` : ''}. ` +
    `One of these rights is enough: ${rights.join(', ')}.`,
} as const;

export const PROXY = {
  heading: 'Proxy',
  title: 'Pair the proxy',
  text: 'It puts your personal token into the admin API requests of scripts on this computer, so that no file holds it.',
  start: 'Start it in a terminal',
  pairCommand: 'In a second one, ask for a code',
  code: 'Pairing code',
  codeHint: 'Good for 60 s, once.',
  pair: 'Pair',
  paired: 'Paired with the proxy',
  running: 'Running',
  pairedWith: 'Paired with this browser',
  unpair: 'Unpair',
  unpaired: 'Unpaired. The proxy keeps its tokens.',
  profile: 'Profile',
  access: 'Access',
  state: 'State',
  owner: 'Owner',
  expires: 'Expires',
  address: 'Unleash',
  none: 'No profile yet',
  noneText: 'Create a personal token and send it to the proxy, or type:',
  others: 'Other profiles',
  unreachable: 'The proxy did not answer',
  unreachableNext: 'Start it in a terminal:',
  refused: 'The proxy does not know this browser',
  refusedNext: 'Unpair, then pair again with a new code:',
  notSet: 'not known',
} as const;
