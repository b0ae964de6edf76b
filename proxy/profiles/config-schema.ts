import * as v from 'valibot';
import { isLoopback } from '../../shared/unleash/base-url.ts';
import type { Rule } from '../policy/rule.ts';
import { splitWords } from './command-words.ts';
import { isName, NAME_RULE } from './name.ts';
import type { Profile, SecretSource, StoreName } from './profile.ts';
import { rulesSchema } from './rules-schema.ts';

/** What config.yaml says. `settings` are the values of flags, by their long name without the dashes. */
export type Config = {
  current: string | null;
  profiles: Profile[];
  settings: Record<string, string | number | boolean>;
  /** Rules of clients, by the client's name. */
  clientRules: Record<string, readonly Rule[]>;
};

/** The file's own words for a profile: those of the flags of `profile add`. */
const profileFields = v.strictObject({
  url: v.pipe(
    v.string(),
    v.regex(/^https?:\/\/[^\s?#@]+$/, 'has to be a URL without "?", "#" and "@"'),
  ),
  access: v.optional(v.picklist(['read', 'ask', 'write']), 'write'),
  'token-from': v.pipe(
    v.string(),
    v.regex(
      /^(?:stdin|browser|env:.+|file:.+|exec:.+|op:\/\/.+|systemd:.+)$/,
      'has to be stdin, browser, env:NAME, file:PATH, exec:"COMMAND", op://VAULT/ITEM/FIELD or systemd:NAME',
    ),
  ),
  store: v.optional(v.picklist(['keychain', 'sealed-file', 'memory'])),
  ca: v.optional(v.string()),
  'client-cert': v.optional(v.string()),
  'client-key': v.optional(v.string()),
  compression: v.optional(v.picklist(['identity', 'pass']), 'identity'),
  rules: rulesSchema,
  'allow-http': v.optional(v.boolean(), false),
  unattended: v.optional(v.boolean(), false),
});

const profileSchema = v.pipe(
  profileFields,
  v.forward(
    v.partialCheck(
      [['url'], ['allow-http']],
      (profile) => profile['allow-http'] || !isClearText(profile.url),
      'is plain http: the token would travel in clear. Write https, or allow-http: true beside it',
    ),
    ['url'],
  ),
  v.check(
    (profile) => (profile['client-cert'] === undefined) === (profile['client-key'] === undefined),
    'client-cert and client-key need each other',
  ),
);

/** Plain http to another machine. */
function isClearText(url: string): boolean {
  if (!/^http:/i.test(url)) return false;
  try {
    return !isLoopback(new URL(url).hostname);
  } catch {
    return true;
  }
}

const configSchema = v.strictObject({
  version: v.optional(v.literal(1)),
  current: v.optional(v.nullable(v.string())),
  settings: v.optional(
    v.nullable(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
  ),
  profiles: v.optional(
    v.nullable(
      v.record(
        v.pipe(v.string(), v.check(isName, `is no profile name: ${NAME_RULE}`)),
        profileSchema,
      ),
    ),
  ),
  clients: v.optional(v.nullable(v.record(v.string(), v.strictObject({ rules: rulesSchema })))),
});

/** What config.yaml holds, by our words, or the first thing in it that is wrong: the keys that lead there, and why. */
export function checkConfig(value: unknown): Config | { keys: string[]; message: string } {
  const checked = v.safeParse(configSchema, value);
  if (!checked.success) {
    const issue = checked.issues[0];
    return { keys: (issue.path ?? []).map((step) => String(step.key)), message: issue.message };
  }
  const { current, settings, profiles, clients } = checked.output;
  return {
    current: current ?? null,
    settings: settings ?? {},
    profiles: Object.entries(profiles ?? {}).map(([name, profile]) => ({
      name,
      url: profile.url.replace(/\/+$/, ''),
      access: profile.access,
      source: sourceOf(profile['token-from'], profile.store ?? 'sealed-file'),
      ca: profile.ca ?? null,
      clientCertificate: clientCertificateOf(profile['client-cert'], profile['client-key']),
      compression: profile.compression,
      rules: profile.rules ?? [],
      allowHttp: profile['allow-http'],
      unattended: profile.unattended,
    })),
    clientRules: Object.fromEntries(
      Object.entries(clients ?? {}).map(([name, { rules }]) => [name, rules ?? []]),
    ),
  };
}

function clientCertificateOf(
  certificate: string | undefined,
  key: string | undefined,
): Profile['clientCertificate'] {
  return certificate === undefined || key === undefined ? null : { certificate, key };
}

function sourceOf(word: string, store: StoreName): SecretSource {
  if (word.startsWith('env:')) return { from: 'env', variable: word.slice(4) };
  if (word.startsWith('file:')) return { from: 'file', path: word.slice(5) };
  if (word.startsWith('exec:')) return { from: 'exec', command: splitWords(word.slice(5)) };
  if (word.startsWith('op://')) return { from: 'op', reference: word };
  if (word.startsWith('systemd:')) return { from: 'systemd', credential: word.slice(8) };
  return { from: word === 'browser' ? 'browser' : 'stored', store };
}
