import type { HandOverRequest } from '../../shared/link/messages.ts';
import { browser } from '../platform/browser.ts';
import {
  fetchStatus,
  type HandOverResult,
  handOver,
  type PairResult,
  type ProxyLinkParts,
  pair,
  type StatusResult,
  type UnpairResult,
  type UseProfileResult,
  unpair,
  useProfile,
} from './proxy-link-exchange.ts';
import { indexedDbLinkKeys } from './proxy-link-keys.ts';

/** The real thing: the browser's own fetch, IndexedDB and clock. Made per call, for the worker may have died. */
function realParts(): ProxyLinkParts {
  return {
    fetch: (url, options) => fetch(url, options),
    keys: indexedDbLinkKeys,
    now: Date.now,
    origin: browser.runtime.getURL('').replace(/\/$/, ''),
  };
}

/** See `pair` in proxy-link-exchange.ts. `browserName` such as "Firefox". */
export function pairWithProxy(code: string, browserName: string): Promise<PairResult> {
  return pair(realParts(), code, browserName);
}

/** Ends the link from this side. */
export function unpairFromProxy(): Promise<UnpairResult> {
  return unpair(realParts());
}

export function fetchProxyStatus(): Promise<StatusResult> {
  return fetchStatus(realParts());
}

/** Takes a PAT to the proxy; `createProfile` in it names a profile to make where none has this base URL. */
export function handOverToProxy(request: HandOverRequest): Promise<HandOverResult> {
  return handOver(realParts(), request);
}

/** Makes another profile of the proxy the current one. */
export function useProfileOfProxy(name: string): Promise<UseProfileResult> {
  return useProfile(realParts(), name);
}
