import type { Profile } from '../profiles/profile.ts';
import type { Lines } from './lines.ts';

export const TARGETS = ['envoy', 'nginx', 'caddy'] as const;

export type Target = (typeof TARGETS)[number];

/** Where a gateway finds the token: a file, or a variable of its own environment. Never the token. */
export type SecretReference = { from: 'file'; path: string } | { from: 'env'; variable: string };

/** What the text for a gateway is made of. */
export type Gateway = {
  profile: Profile;
  client: string | null;
  lines: Lines;
  secret: SecretReference;
  /** Host and port that it listens on. */
  listen: { host: string; port: number };
  /** What the text cannot say, in sentences; they stand at its top. */
  notExpressed: readonly string[];
  /** How the secret gets there, in sentences. */
  secretSteps: readonly string[];
};

/** Where a system keeps the CAs that it trusts, for a profile that names none: Debian's place. */
export const SYSTEM_CAS = '/etc/ssl/certs/ca-certificates.crt';

/** Comment lines for the top of a file, each at most as wide as a terminal. */
export function commentHead(gateway: Gateway, title: string, more: readonly string[]): string {
  const { profile, client, notExpressed, secretSteps } = gateway;
  const whose = client === null ? '' : `, client ${client}`;
  const parts = [
    `${title}: profile ${profile.name}${whose}, written by tokenleash export. Change the profile, then write it again.`,
    ...more,
    'The token:',
    ...secretSteps.map((each) => `- ${each}`),
    'What the proxy does and this gateway does not:',
    ...notExpressed.map((each) => `- ${each}`),
  ];
  return parts
    .flatMap((part) => wrapped(part, part.startsWith('- ') ? '  ' : ''))
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
}

const WIDTH = 98;

function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Header names that go no further, for gateways that can only leave out what is named. */
export const KNOWN_FORWARDED = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-forwarded-user',
  'x-forwarded-email',
  'x-forwarded-groups',
  'x-forwarded-access-token',
  'x-forwarded-client-cert',
  'x-forwarded-uri',
  'x-forwarded-method',
];

const SEGMENT =
  "/(?:[A-Za-z0-9._~!$&'()*+,=@:-]|%(?:2[0-46-9A-Ca-c]|3[A-Fa-f]|40|5[BDEbde]|60|7[B-Db-d]|[89A-Fa-f][0-9A-Fa-f]))+";

/** A path in its canonical form, then a query: what is matched is what is sent. No slash, dot or letter is encoded. */
export const TARGET_FORM = `(?:/|(?:${SEGMENT})+/?)(?:[?][!-"$-~]*)?`;

/** A segment `.` or `..`, which `TARGET_FORM` lets by. */
export const DOT_SEGMENT = '[^?]*/[.][.]?(?:[/?].*)?';

export const BEHIND_PATH = '(?:[?].*)?';

/** Routes of the proxy beside the admin API. The callers' own Unleash tokens pass on the first. */
export const OWN_TOKEN_PATH = '(?i:/(?:api/client|api/frontend|edge)(?:/[^?]*)?)';
export const OPEN_PATH = '(?i:/health|/docs/openapi[.]json)/?';
export const ADMIN_PATH = '(?i:/api/admin(?:/[^?]*)?)';

/** What callers of a refused request read, in Unleash's own shape. */
export function refusalBody(name: string, message: string): string {
  return JSON.stringify({ name, message, details: [{ message }] });
}
