import { findTokens } from '../../shared/token/grammar.ts';
import type { Profile } from '../profiles/profile.ts';

/**
 * The variables by which a program finds the proxy: under every name that real clients of the admin API read
 * (Terraform, Pulumi, MCP servers, scripts). All URLs are the proxy's own, which stands for the server's base URL.
 * Where `caller`, the environment that they are for, names a corporate proxy, the way to ours leads past it.
 */
export function clientEnvironment(
  url: string,
  token: string,
  caller: NodeJS.ProcessEnv = {},
): Record<string, string> {
  return {
    UNLEASH_URL: url,
    UNLEASH_BASE_URL: url,
    UNLEASH_API_URL: url,
    UNLEASH_AUTH_TOKEN: token,
    AUTH_TOKEN: token,
    UNLEASH_API_TOKEN: token,
    UNLEASH_PAT: token,
    ...pastCorporateProxy(caller),
  };
}

const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];
const OUR_HOSTS = ['127.0.0.1', 'localhost', '::1'];

/**
 * curl, wget, Python and axios send a request for this machine to the corporate proxy too, phantom token and all,
 * unless NO_PROXY says not to. Both spellings are set, as each of them reads another one first.
 */
function pastCorporateProxy(caller: NodeJS.ProcessEnv): Record<string, string> {
  if (!PROXY_VARIABLES.some((name) => caller[name])) return {};
  const hosts = (caller.no_proxy || caller.NO_PROXY || '').split(/[\s,]+/).filter(Boolean);
  if (hosts.includes('*')) return {};
  const all = [...new Set([...hosts, ...OUR_HOSTS])].join(',');
  return { no_proxy: all, NO_PROXY: all };
}

/** Kinds of token that the admin API takes; backend and frontend tokens are a program's own affair. */
const ADMIN_API_KINDS = new Set(['personal', 'admin', 'legacy']);

/**
 * The variables of `caller` that a program under the proxy must not have: those named UNLEASH_… that hold a token of
 * the admin API (`foreign`), and
 * those that a profile takes its token from (`sources`). What `clientEnvironment` sets anyway is not among the first.
 */
export function credentialsOf(
  caller: NodeJS.ProcessEnv,
  profiles: readonly Profile[],
): { foreign: string[]; sources: string[] } {
  const ours = clientEnvironment('', '');
  const foreign = Object.keys(caller).filter(
    (name) =>
      /^UNLEASH_/i.test(name) &&
      !Object.hasOwn(ours, name) &&
      findTokens(caller[name] ?? '').some(({ token }) => ADMIN_API_KINDS.has(token.kind)),
  );
  const sources = profiles.flatMap(({ source }) => (source.from === 'env' ? source.variable : []));
  return { foreign: foreign.filter((name) => !sources.includes(name)), sources };
}
