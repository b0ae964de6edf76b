import fc from 'fast-check';
import { parse } from 'yaml';
import { SHOW_INVITE_LINKS } from '../../proxy/data/invite-links.ts';
import { caddyText } from '../../proxy/export/caddy.ts';
import { envoyText } from '../../proxy/export/envoy.ts';
import type { Gateway, Target } from '../../proxy/export/gateway.ts';
import { linesFor } from '../../proxy/export/lines.ts';
import { nginxText } from '../../proxy/export/nginx.ts';
import { notExpressed } from '../../proxy/export/not-expressed.ts';
import { defaultSecret, secretSteps } from '../../proxy/export/secret.ts';
import { judge } from '../../proxy/policy/judge.ts';
import type { Rule } from '../../proxy/policy/rule.ts';
import type { Access, Profile } from '../../proxy/profiles/profile.ts';
import { allOperations, effectOf } from '../../shared/unleash/operations/find.ts';

export type Wanted = {
  access: Access;
  mint: boolean;
  rules: readonly Rule[];
  clientRules: readonly Rule[] | null;
};

export const PROFILE: Profile = {
  name: 'prod',
  url: 'https://unleash.example.com/flags',
  access: 'write',
  source: { from: 'browser', store: 'sealed-file' },
  ca: '/etc/ssl/own-ca.pem',
  clientCertificate: null,
  compression: 'identity',
  rules: [],
  allowHttp: false,
  unattended: false,
};

export function gatewayOf(target: Target, wanted: Wanted, profile: Profile = PROFILE): Gateway {
  const { access, mint, rules, clientRules } = wanted;
  const client = clientRules === null ? null : { name: 'ci', rules: clientRules };
  const lines = linesFor({ profile: { name: profile.name, rules }, client, access, mint });
  const secret = defaultSecret(target, profile.name);
  return {
    profile: { ...profile, access, rules },
    client: client?.name ?? null,
    lines,
    secret,
    listen: { host: '127.0.0.1', port: 8080 },
    notExpressed: notExpressed(target, { ...profile, access }, lines),
    secretSteps: secretSteps(target, secret),
  };
}

export function textOf(target: Target, gateway: Gateway): string {
  if (target === 'nginx') return nginxText(gateway);
  return target === 'caddy' ? caddyText(gateway) : envoyText(gateway);
}

/** What a gateway does with a request, read off its text: a code, or `pass`. */
export type Reading = (method: string, target: string) => string;

/** Reads the lists out of a text and asks them as the gateway does: in order, the first that matches. */
export function readText(target: Target, text: string): Reading {
  if (target === 'envoy') return readEnvoy(text);
  const lists = target === 'nginx' ? nginxLists(text) : caddyLists(text);
  return (method, path) => {
    for (const { lines, fallback } of lists) {
      const found = lines.find(({ pattern }) => pattern.test(`${method} ${path}`));
      const outcome = found?.outcome ?? fallback;
      if (outcome !== 'pass') return outcome;
    }
    return 'pass';
  };
}

type List = { lines: { pattern: RegExp; outcome: string }[]; fallback: string };

function nginxLists(text: string): List[] {
  const maps = [
    ...text.matchAll(/^map "\$request_method \$request_uri" \$\w+_list\d \{\n([\s\S]*?)^\}/gm),
  ];
  return maps.map(([, body = '']) => ({
    lines: [...body.matchAll(/^ {4}"~(.*)" (\S+);$/gm)].map(([, source = '', outcome = '']) => ({
      pattern: regExpOf(source.replace(/\\(["\\])/g, '$1')),
      outcome,
    })),
    fallback: /^ {4}default (\S+);$/m.exec(body)?.[1] ?? '',
  }));
}

function caddyLists(text: string): List[] {
  const maps = [...text.matchAll(/^\tmap \S+ \S+ \{tokenleash_list\d\} \{\n([\s\S]*?)^\t\}/gm)];
  return maps.map(([, body = '']) => ({
    lines: [...body.matchAll(/^\t\t`~(.*)` (\S+)$/gm)].map(([, source = '', outcome = '']) => ({
      pattern: regExpOf(source),
      outcome,
    })),
    fallback: /^\t\tdefault (\S+)$/m.exec(body)?.[1] ?? '',
  }));
}

type StringMatch = { exact?: string; safe_regex?: { regex: string } };
export type Route = {
  match: {
    prefix?: string;
    safe_regex?: { regex: string };
    headers?: {
      name: string;
      string_match?: StringMatch;
      present_match?: boolean;
      invert_match?: boolean;
    }[];
  };
  route?: Record<string, unknown>;
  direct_response?: { status: number };
  response_headers_to_add?: { header: { key: string; value: string } }[];
  typed_per_filter_config?: Record<string, unknown>;
  request_headers_to_remove?: string[];
};

export function envoyRoutes(text: string): Route[] {
  const { static_resources: resources } = parse(text);
  const [filter] = resources.listeners[0].filter_chains[0].filters;
  return filter.typed_config.route_config.virtual_hosts[0].routes;
}

function readEnvoy(text: string): Reading {
  // Each route is a line of JSON; a YAML parser takes seconds for all of them.
  const lines = [...text.matchAll(/^ {14}- (\{.*\})$/gm)];
  const routes = lines.map(([, line = '']) => {
    const route = JSON.parse(line) as Route;
    return { route, fits: fitting(route.match) };
  });
  return (method, target) => {
    const found = routes.find(({ fits }) => fits(method, target));
    if (found?.route.route) return 'pass';
    const code = found?.route.response_headers_to_add?.find(
      ({ header }) => header.key === 'x-tokenleash-error',
    );
    return code?.header.value ?? 'no route';
  };
}

function fitting({ prefix, safe_regex, headers = [] }: Route['match']) {
  const path = safe_regex === undefined ? null : regExpOf(`^(?:${safe_regex.regex})$`);
  const each = headers.map(({ name, string_match, present_match, invert_match }) => {
    const regex = string_match?.safe_regex?.regex;
    const whole = regex === undefined ? null : regExpOf(`^(?:${regex})$`);
    return (method: string, target: string): boolean => {
      const value = { ':method': method, ':path': target }[name];
      // No other header is sent here.
      if (value === undefined) return false;
      if (present_match) return true;
      const yes = whole === null ? value === string_match?.exact : whole.test(value);
      return yes !== (invert_match === true);
    };
  });
  return (method: string, target: string): boolean =>
    (path === null ? target.startsWith(prefix ?? '/') : path.test(target.split('?')[0] ?? '')) &&
    each.every((one) => one(method, target));
}

const made = new Map<string, RegExp>();

/** RE2 and PCRE know `(?i:…)`, which JavaScript has only lately: letters are written out in both cases. */
export function regExpOf(source: string): RegExp {
  const known = made.get(source);
  if (known) return known;
  let out = '';
  const either = [false];
  let inClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at] ?? '';
    const group = /^\((?:\?(-?i)?:)?/.exec(source.slice(at));
    if (inClass) {
      const range = source[at + 1] === '-' || source[at - 1] === '-';
      out += either.at(-1) && !range ? bothCases(character) : character;
      inClass = character !== ']';
    } else if (character === '[') {
      inClass = true;
      out += character;
    } else if (group) {
      const [whole, mode] = group;
      either.push(mode === undefined ? either.at(-1) === true : mode === 'i');
      out += whole === '(' ? '(' : '(?:';
      at += whole.length - 1;
    } else {
      if (character === ')') either.pop();
      out += either.at(-1) && /[a-z]/i.test(character) ? `[${bothCases(character)}]` : character;
    }
  }
  const regExp = new RegExp(out);
  made.set(source, regExp);
  return regExp;
}

function bothCases(character: string): string {
  return /[a-z]/i.test(character) ? character.toLowerCase() + character.toUpperCase() : character;
}

/** What the proxy says to a request, as far as method and path go; what needs a body is refused. */
export function proxySays(
  { access, mint, rules, clientRules }: Wanted,
  method: string,
  path: string,
): string {
  const lookup = path.toLowerCase().replace(/\/$/, '');
  const { operation, effect } = effectOf(method === 'HEAD' ? 'GET' : method, lookup);
  if (effect === 'mint' && !mint) return 'policy.mint';
  const reads = effect === 'mint' ? method === 'GET' || method === 'HEAD' : effect === 'read';
  if (!reads && access !== 'write') return 'policy.read_only';
  if (operation !== null && SHOW_INVITE_LINKS.has(operation.id) && !mint) return 'policy.mint';
  for (const list of [rules, clientRules ?? []])
    if (judge(list, { method, path, operation, effect, body: null }).verdict !== 'pass')
      return 'policy.rule';
  return 'pass';
}

const operations = allOperations();

export const PLAIN_NAMES = [
  'shop',
  'Shop',
  'production',
  'PROD-eu',
  'billing-tax',
  'kill-a',
  'a.b',
  'axb',
  '*',
  'validate',
  'a+b(c)',
];
export const ENCODED_NAMES = ['a%20b', '%C3%BC', '%20shop', 'shop%3A', '%C4%B0'];
const plainGlob = fc.constantFrom(
  ...PLAIN_NAMES,
  'prod*',
  's?op',
  '*-tax',
  '*',
  'k*-a',
  'a b',
  'ü',
  'A.B',
);
const globs = fc.array(plainGlob, { minLength: 1, maxLength: 2 });
const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const rule = fc
  .record({
    verdict: fc.constantFrom('deny' as const, 'allow' as const),
    access: some(fc.constantFrom(['read'], ['write'], ['mint'], ['read', 'mint'])),
    operation: some(
      fc.constantFrom(['getProject*'], ['*Feature*'], ['createFeature', 'getPats'], ['*']),
    ),
    tag: some(fc.constantFrom(['Features'], ['Projects', 'Segments'], ['*'])),
    project: some(globs),
    environment: some(globs),
    flag: some(globs),
  })
  .map(
    (all) =>
      Object.fromEntries(Object.entries(all).filter(([, value]) => value)) as unknown as Rule,
  );
const rules = fc.array(rule, { maxLength: 3 });
export const wanted: fc.Arbitrary<Wanted> = fc.record({
  access: fc.constantFrom('read' as const, 'ask' as const, 'write' as const, 'write' as const),
  mint: fc.boolean(),
  rules,
  clientRules: fc.option(rules, { nil: null }),
});

export function requests(names: readonly string[]): fc.Arbitrary<{ method: string; path: string }> {
  const name = fc.constantFrom(...names);
  const known = fc
    .tuple(
      fc.constantFrom(...operations),
      fc.array(name, { minLength: 8, maxLength: 8 }),
      fc.constantFrom('as', 'upper', 'slash', 'head'),
    )
    .map(([operation, segments, how]) => {
      const path = operation.path
        .split('/')
        .map((each, at) =>
          each.startsWith('{')
            ? (segments[at % 8] ?? '')
            : how === 'upper'
              ? each.toUpperCase()
              : each,
        )
        .join('/');
      const method = how === 'head' && operation.method === 'GET' ? 'HEAD' : operation.method;
      return { method, path: how === 'slash' ? `${path}/` : path };
    });
  const unknown = fc
    .tuple(
      fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'),
      fc.array(
        fc.oneof(
          name,
          fc.constantFrom(
            'projects',
            'features',
            'tokens',
            'signal-endpoints',
            'Licence',
            'reset-password',
            'user',
          ),
        ),
        { maxLength: 4 },
      ),
    )
    .map(([method, segments]) => ({ method, path: ['/api/admin', ...segments].join('/') }));
  return fc.oneof({ arbitrary: known, weight: 3 }, unknown);
}
