import { candidateBaseUrls } from '../../shared/unleash/base-url.ts';
import { hostPattern } from '../platform/match-pattern.ts';

/**
 * What to ask the browser for, so that a typed address can be reached. Null when it cannot be an instance's address, or
 * is plain http to another machine and nobody said `allowHttp`; the background says why, without a request to anywhere.
 */
export function permissionFor(typed: string, allowHttp = false): string | null {
  const address = candidateBaseUrls(typed);
  if (!address.ok || (address.value.clearText && !allowHttp)) return null;
  return hostPattern(address.value.origin);
}

/** The host of a match pattern, as it stands in sentences. */
export function hostOf(pattern: string): string {
  return pattern.replace(/^https?:\/\//, '').replace(/\/\*$/, '');
}
