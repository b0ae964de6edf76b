import type { IncomingMessage } from 'node:http';
import type { Profile } from '../profiles/profile.ts';
import { valueIn } from './raw-headers.ts';
import { redactText } from './redactor.ts';
import { upstreamOf } from './upstream.ts';

/** Longer than any address that helps. */
const SHOWN_LIMIT = 200;

/** Statuses of a login page. Unleash's own pages are 404, 413, 429, and 400 for what is no JSON (4.19.5 to 8.2.0). */
function isLoginStatus(status: number): boolean {
  return (status >= 200 && status < 300) || status === 401 || status === 403 || status === 511;
}

/**
 * What to tell the caller of the admin API where something else answered in Unleash's place, a single sign-on in
 * front of it for the most part: a web page, or a redirect. Null for an answer that Unleash gives. One line of ASCII,
 * for a header.
 */
export function gatewayHint(
  answer: IncomingMessage,
  profile: Profile,
  secret: string | null,
): string | null {
  const status = answer.statusCode ?? 0;
  const remedy =
    'Ask who runs it for a way in for programs: an address that needs no login, or a client certificate' +
    ` (tokenleash profile set ${profile.name} --client-cert FILE --client-key FILE)`;
  if (status >= 300 && status < 400 && status !== 304) {
    const to = shownAddress(valueIn(answer.rawHeaders, 'location'), profile, secret);
    return `This is no answer of Unleash: it leads on to ${to}, most likely to log in. Redirects are not followed. ${remedy}`;
  }
  const type = (valueIn(answer.rawHeaders, 'content-type') ?? '').toLowerCase();
  if (!isLoginStatus(status) || !/^(?:text\/html|application\/xhtml\+xml)\b/.test(type))
    return null;
  return `This is no answer of Unleash but a web page, most likely the login page of a gateway in front of it. ${remedy}`;
}

/** Origin and path, the token masked: a login's address carries state in its query, and what it was asked. */
function shownAddress(
  location: string | undefined,
  profile: Profile,
  secret: string | null,
): string {
  try {
    const { origin, pathname } = new URL(location ?? '', upstreamOf(profile.url).origin);
    const address = `${origin}${pathname}`;
    const shown = secret === null ? address : redactText(address, secret);
    return shown.slice(0, SHOWN_LIMIT);
  } catch {
    return 'another address';
  }
}
