/**
 * Every way in which a call of the admin API can fail: its code, whom it concerns, and the sentences for a person, in English.
 * What a server answers is matched to a code in `refusals.ts`, what a network does in `failures.ts`.
 */

/**
 * What has to change before it can work: the `address` typed, the `server` or the way to it, the `credential`,
 * the `permission` of its holder, or the `input` of the form.
 */
export type ErrorConcern = 'address' | 'server' | 'credential' | 'permission' | 'input';

/** The form field that an error belongs to, by the names of the popup's form. */
export type ErrorField = 'name' | 'projects' | 'environment' | 'expires';

/** What the sentences are made of. Nothing here may hold a secret; `said` has been through `safeText`. */
export type ErrorFacts = {
  /** Host of the server, with its port if it has one. */
  host: string;
  /** Base URL without a trailing slash. */
  baseUrl: string;
  /** The server's own words. */
  said?: string;
  seconds?: number;
  /** The call makes something, so repeating it blindly may make it twice. */
  creates?: boolean;
  permissions?: readonly string[];
  limit?: number;
  /** Where a redirect leads: origin and path, without a query. */
  leadsTo?: string;
  /** Why it is unreachable or not trusted, in words. */
  reason?: string;
  suggestion?: string;
  status?: number;
  /** What kind of trouble with TLS it is. */
  tls?: TlsTroubleKind;
  /** The answer was a web page. */
  page?: boolean;
};

/** What is wrong with a connection by TLS, as far as that can be told. */
export type TlsTroubleKind =
  | 'expired'
  | 'not-yet-valid'
  | 'unknown-ca'
  | 'other-name'
  | 'revoked'
  | 'bad-chain'
  | 'old-version'
  | 'wants-certificate'
  | 'own-certificate-refused'
  | 'no-tls'
  | 'other';

type Sentences = {
  concern: ErrorConcern;
  /** The fact, without a full stop. */
  title: (facts: ErrorFacts) => string;
  /** What now, one or two sentences. */
  advice: (facts: ErrorFacts) => string;
  field?: ErrorField;
};

const said = (facts: ErrorFacts): string => (facts.said ? `It said: ${ended(facts.said)} ` : '');
const ended = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
const again = (facts: ErrorFacts): string =>
  facts.creates ? 'Check Tokens before you create it again.' : 'Try again in a moment.';

/** ADMIN is always among the rights that would do; nobody should have to ask for it. */
function rights(permissions: readonly string[] = []): string {
  const lesser = permissions.filter((permission) => permission !== 'ADMIN');
  return (lesser.length > 0 ? lesser : permissions).join(' or ') || 'the right to do this';
}

const ERRORS = {
  'url.empty': {
    concern: 'address',
    title: () => 'There is no address yet',
    advice: () => 'Type the address of your Unleash, for example https://unleash.example.com.',
  },
  'url.form': {
    concern: 'address',
    title: () => 'This is not a web address',
    advice: () => 'Type it like https://unleash.example.com or https://example.com/flags.',
  },
  'url.scheme': {
    concern: 'address',
    title: () => 'Unleash is reached by https or http only',
    advice: () => 'Type it like https://unleash.example.com.',
  },
  'url.password': {
    concern: 'address',
    title: () => 'The address holds a user name or a password',
    advice: (facts) => `Leave it out: ${facts.suggestion}.`,
  },
  'url.query': {
    concern: 'address',
    title: () => 'The address has a query, the part from the question mark on',
    advice: (facts) => `Leave it out: ${facts.suggestion}.`,
  },
  'url.fragment': {
    concern: 'address',
    title: () => 'The address has a fragment, the part from the # on',
    advice: (facts) => `Leave it out: ${facts.suggestion}.`,
  },

  'server.unreachable': {
    concern: 'server',
    title: (facts) => `${facts.host} cannot be reached`,
    advice: (facts) =>
      facts.reason ??
      // A browser does not say whether the request had gone out by then.
      (facts.creates
        ? `Check your network and your VPN. ${again(facts)}`
        : `Check the address, your network and your VPN. If the browser warns about its certificate when you open ${facts.baseUrl} in a tab, settle that first.`),
  },
  'server.timeout': {
    concern: 'server',
    title: (facts) => `${facts.host} did not answer`,
    advice: (facts) => `Waited ${facts.seconds} s. ${again(facts)}`,
  },
  'server.cut': {
    concern: 'server',
    title: (facts) => `${facts.host} closed the connection before its answer was complete`,
    advice: again,
  },
  'server.tls': {
    concern: 'server',
    title: (facts) => `The connection to ${facts.host} is not safe`,
    advice: (facts) => facts.reason ?? 'Its certificate is not trusted. Have it put right.',
  },
  'server.redirect': {
    concern: 'server',
    title: (facts) =>
      facts.leadsTo
        ? `${facts.host} sends this on to ${facts.leadsTo}`
        : `${facts.host} sends this on to another address`,
    advice: (facts) =>
      facts.suggestion
        ? `Redirects are not followed. Use ${facts.suggestion} if that is your Unleash.`
        : `Redirects are not followed. Open ${facts.baseUrl} in a tab: log in there, or use the address that it ends at.`,
  },
  'server.not-unleash': {
    concern: 'server',
    title: (facts) => `${facts.host} answered, but not as Unleash does`,
    advice: (facts) =>
      `${facts.page ? 'A web page came back, as at a wrong address, or where a login stands in front of Unleash. ' : ''}Check the address, and the path if your Unleash has one, as in https://example.com/flags.`,
  },
  'server.unreadable': {
    concern: 'server',
    title: (facts) => `${facts.host} sent an answer that cannot be read`,
    advice: (facts) =>
      facts.creates
        ? 'Check Tokens before you create it again.'
        : 'Check that this address leads to Unleash 4.17 or later, then try again.',
  },
  'server.too-large': {
    concern: 'server',
    title: (facts) => `${facts.host} sent more than ${facts.limit} MB`,
    advice: () => 'Check that this address leads to Unleash.',
  },
  'server.failed': {
    concern: 'server',
    title: (facts) => `Unleash failed with status ${facts.status}`,
    advice: (facts) => `${said(facts)}${again(facts)}`,
  },
  'server.maintenance': {
    concern: 'server',
    title: () => 'Unleash is in maintenance mode',
    advice: () => 'Nothing was changed. Try again when an admin has ended it.',
  },
  'server.busy': {
    concern: 'server',
    title: () => 'Unleash wants fewer requests',
    advice: (facts) => `Nothing was changed. Try again in ${facts.seconds ?? 60} s.`,
  },
  'server.gateway': {
    concern: 'server',
    title: (facts) => `Something in front of ${facts.host} answered with status ${facts.status}`,
    advice: (facts) =>
      facts.creates
        ? 'It is not Unleash that answered. Check Tokens before you create it again.'
        : `It is not Unleash that answered. Open ${facts.baseUrl} in a tab, or ask who runs it.`,
  },
  'server.not-found': {
    concern: 'server',
    title: () => 'Unleash does not know this',
    advice: (facts) =>
      `${said(facts)}It may be gone, or this Unleash is too old. Reload and try again.`,
  },

  'auth.not-logged-in': {
    concern: 'credential',
    title: (facts) => `You are not logged in to ${facts.host}`,
    advice: () => 'Log in there, then try again.',
  },
  'auth.token-form': {
    concern: 'credential',
    title: () => 'This is not a token',
    advice: () => 'Paste the whole token on one line, with no spaces in it.',
  },
  'auth.token-refused': {
    concern: 'credential',
    title: (facts) => `${facts.host} refused the token`,
    advice: () => 'It has expired, was deleted, or belongs to another server. Create a new one.',
  },
  'auth.token-kind': {
    concern: 'credential',
    title: () => 'This is a backend or frontend token',
    advice: () => 'The admin API needs a personal token. Create one in your Unleash profile.',
  },

  'permission.missing': {
    concern: 'permission',
    title: () => 'You may not do this',
    advice: (facts) =>
      `${facts.permissions?.length ? '' : said(facts)}Ask an Unleash admin for ${rights(facts.permissions)}.`,
  },
  'permission.admin-tokens': {
    concern: 'permission',
    title: () => 'This Unleash makes no admin tokens',
    advice: () => 'Create a personal token instead.',
  },
  'pat.disabled': {
    concern: 'permission',
    title: () => 'Personal tokens are turned off on this Unleash',
    advice: () => 'Ask an Unleash admin to turn them on.',
  },
  'pat.needs-person': {
    concern: 'permission',
    title: () => 'Only a person can have personal tokens',
    advice: () => 'Log in as yourself, or use a personal token instead of an API token.',
  },

  'pat.description-empty': {
    concern: 'input',
    field: 'name',
    title: () => 'The description is empty',
    advice: () => 'Type what the token is for.',
  },
  'pat.description-exists': {
    concern: 'input',
    field: 'name',
    title: () => 'You already have a personal token with this description',
    advice: (facts) =>
      facts.suggestion ? `Use ${facts.suggestion}.` : 'Type another description.',
  },
  'pat.limit': {
    concern: 'input',
    title: (facts) => `You have ${facts.limit} personal tokens, and no more are allowed`,
    advice: () => 'Revoke one first. Expired ones count too.',
  },
  'expiry.past': {
    concern: 'input',
    field: 'expires',
    title: () => 'This date is in the past',
    advice: () => 'Choose a later one.',
  },
  'expiry.form': {
    concern: 'input',
    field: 'expires',
    title: () => 'Unleash cannot read this date',
    advice: () => 'Choose a day up to the year 9999.',
  },
  'api-token.name-empty': {
    concern: 'input',
    field: 'name',
    title: () => 'The name is empty',
    advice: () => 'Type what the token is for.',
  },
  'api-token.projects-empty': {
    concern: 'input',
    field: 'projects',
    title: () => 'No project is chosen',
    advice: () => 'Choose one, or all current and future projects.',
  },
  'api-token.project-unknown': {
    concern: 'input',
    field: 'projects',
    title: () => 'Unleash has no such project',
    advice: () => 'It may have been renamed or archived. Choose another.',
  },
  'api-token.environment-empty': {
    concern: 'input',
    field: 'environment',
    title: () => 'No environment is chosen',
    advice: () => 'Choose one.',
  },
  'api-token.environment-unknown': {
    concern: 'input',
    field: 'environment',
    title: () => 'Unleash has no such environment',
    advice: () => 'It may have been renamed or deleted. Choose another.',
  },
  'api-token.environment-disabled': {
    concern: 'input',
    field: 'environment',
    title: () => 'This environment is disabled',
    advice: () => 'Choose another, or ask an admin to enable it.',
  },
  'api-token.scope': {
    concern: 'input',
    field: 'environment',
    title: () => 'Unleash does not accept this project or environment',
    advice: () => 'You have all rights, so one of the two does not exist here. Choose others.',
  },
  'api-token.kind': {
    concern: 'input',
    title: () => 'This Unleash does not make tokens of this kind',
    advice: () => 'Choose another kind.',
  },
  'api-token.limit': {
    concern: 'input',
    title: (facts) =>
      facts.limit
        ? `This Unleash has ${facts.limit} API tokens, and no more are allowed`
        : 'This Unleash has all the API tokens that it allows',
    advice: () => 'Revoke one that is no longer used first.',
  },
  'request.refused': {
    concern: 'input',
    title: () => 'Unleash did not accept this',
    advice: (facts) => `${said(facts)}Change it and try again.`,
  },
  'request.too-large': {
    concern: 'input',
    title: () => 'This is more text than Unleash takes',
    advice: () => 'Shorten it and try again.',
  },
} as const satisfies Record<string, Sentences>;

export type UnleashErrorCode = keyof typeof ERRORS;

/** Every code there is, for tests and docs. */
export const UNLEASH_ERROR_CODES = Object.keys(ERRORS) as UnleashErrorCode[];

/** A failure that a person can act on. It never holds a secret, not even one that the server echoed. */
export type UnleashError = {
  code: UnleashErrorCode;
  concern: ErrorConcern;
  /** The fact, without a full stop: "unleash.example.com did not answer". */
  title: string;
  /** What now: "Waited 30 s. Check Tokens before you create it again." */
  advice: string;
  /** Title and advice in one, for where there is one line. */
  message: string;
  /** What the sentences are made of, for who says them in another language. */
  facts: ErrorFacts;
  /** HTTP status, where a server answered. */
  status?: number;
  field?: ErrorField;
  /** A value that would work in its place. */
  suggestion?: string;
  /** Unleash's names of the rights of which one would do. */
  permissions?: string[];
  /** What kind of trouble with TLS it is. */
  tls?: TlsTroubleKind;
  /** Page to log in at. */
  loginUrl?: string;
};

export type Result<T> = { ok: true; value: T } | { ok: false; error: UnleashError };

export type Failed = { ok: false; error: UnleashError };

/** The error of this code with its sentences filled in. */
export function unleashError(code: UnleashErrorCode, facts: ErrorFacts): UnleashError {
  const sentences: Sentences = ERRORS[code];
  const title = sentences.title(facts);
  const advice = sentences.advice(facts);
  const error: UnleashError = {
    code,
    concern: sentences.concern,
    title,
    advice,
    message: `${title}. ${advice}`,
    facts,
  };
  if (facts.status !== undefined) error.status = facts.status;
  if (sentences.field !== undefined) error.field = sentences.field;
  if (facts.tls !== undefined) error.tls = facts.tls;
  if (facts.suggestion !== undefined) error.suggestion = facts.suggestion;
  if (facts.permissions?.length) error.permissions = [...facts.permissions];
  if (code === 'auth.not-logged-in') error.loginUrl = `${facts.baseUrl}/login`;
  return error;
}

/** `unleashError` as a failed result. */
export function failed(code: UnleashErrorCode, facts: ErrorFacts): Failed {
  return { ok: false, error: unleashError(code, facts) };
}
