import type { HandOverRequest } from '../../shared/link/messages.ts';
import { freeDescription } from '../../shared/unleash/pats.ts';
import type { Answer, Failure, ProxyView } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type {
  HandOverResult,
  PairResult,
  StatusResult,
  UseProfileResult,
} from './proxy-link-exchange.ts';

/** The background's end of the link to the proxy. */
export type ProxyExchange = {
  pair(code: string): Promise<PairResult>;
  unpair(): Promise<unknown>;
  status(): Promise<StatusResult>;
  handOver(request: HandOverRequest): Promise<HandOverResult>;
  useProfile(name: string): Promise<UseProfileResult>;
};

/** What the proxy is and does at this moment, for the Proxy tab. */
export async function proxyView(proxy: ProxyExchange): Promise<ProxyView> {
  const result = await proxy.status();
  if (result.state === 'connected') {
    return { state: 'connected', control: result.control, ...statusOf(result.status) };
  }
  if (result.state === 'unpaired') return result;
  const { control, message } = result;
  return { state: result.state === 'refused' ? 'refused' : 'unreachable', control, message };
}

function statusOf(status: Extract<StatusResult, { state: 'connected' }>['status']) {
  const { url, version, profile, profiles } = status;
  return { url, version, profile, profiles };
}

/** Pairs, and gives the proxy as it shows itself over the new link. */
export async function pairProxy(proxy: ProxyExchange, code: string): Promise<Answer<'proxy.pair'>> {
  const paired = await proxy.pair(code);
  if (!paired.ok) return paired;
  return { ok: true, view: await proxyView(proxy) };
}

/** Gives a PAT to the proxy. Every way in which that can fail leaves the PAT where it was. */
export async function handOverPat(
  proxy: ProxyExchange,
  request: HandOverRequest,
): Promise<Answer<'created.sendToProxy'>> {
  const result = await proxy.handOver(request);
  if (result.state !== 'answered') return notSent(result);
  const { answer } = result;
  if (answer.result === 'stored') return { ok: true, profile: answer.profile };
  if (answer.result === 'store-failed') {
    return {
      ok: false,
      code: 'store-failed',
      title: say('store_failed'),
      message: answer.message,
    };
  }
  const now = await proxyView(proxy);
  const names = now.state === 'connected' ? now.profiles.map(({ name }) => name) : [];
  return noProfile(request.origin, names);
}

/** No profile has this base URL; with a name for one that no other profile has. */
export function noProfile(baseUrl: string, taken: readonly string[]) {
  return {
    ok: false as const,
    code: 'no-profile' as const,
    title: say('no_profile_here'),
    message: say('no_profile_here_next', baseUrl),
    suggestedProfile: freeDescription(profileNameFor(baseUrl), taken),
  };
}

/** What a proxy that did not do it says, in words for a person. */
export function notSent(
  result:
    | Exclude<HandOverResult, { state: 'answered' }>
    | Exclude<ProxyView, { state: 'connected' }>,
): Failure {
  if (result.state === 'unpaired') {
    return {
      ok: false,
      code: 'proxy.unpaired',
      title: say('no_proxy'),
      message: say('run_pair'),
    };
  }
  const titles = {
    unreachable: say('proxy_unreachable'),
    refused: say('proxy_no_answer'),
    failed: say('proxy_not_taken'),
  };
  return {
    ok: false,
    code: `proxy.${result.state}`,
    title: titles[result.state],
    message: result.message,
  };
}

/** A profile's name from a base URL: the first label of its host that says something, or the host's last. */
export function profileNameFor(baseUrl: string): string {
  const { hostname } = new URL(baseUrl);
  if (/^[\d.]+$/.test(hostname) || hostname.startsWith('[')) return 'local';
  const label = hostname.split('.').find((part) => part !== 'www' && part !== 'unleash');
  return (label ?? hostname).replace(/[^a-z0-9-]/g, '-').slice(0, 40) || 'unleash';
}
