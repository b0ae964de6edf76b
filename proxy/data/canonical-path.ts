/** A path that is canonical as it stands, which nearly all are. No colon: see `withoutUrlLook`. */
const PLAIN = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~!$&'()*+,=@-]+)+\/?$/;

/** Backslash, hash, semicolon, and what is not visible ASCII. */
const REFUSED = /[^\x21-\x7e]|[\\#;]/;

/** Visible, but not part of a path by RFC 3986; WHATWG's URL leaves some of them as they are. */
const UNSAFE = /["<>^`{|}[\]]/g;

const UNRESERVED = /[A-Za-z0-9._~-]/;

/**
 * The one form of a path that rules are matched on and that is sent, or null for a path that has none: with `.` or
 * `..` segments in any spelling, encoded slashes or backslashes, control characters, `;`, `#`, `\`, bytes that are
 * not UTF-8, or a second layer of percent encoding. Slashes are collapsed, as every Unleash does; letters keep their
 * case. Applied to its own result it changes nothing.
 */
export function canonicalPath(raw: string): string | null {
  if (PLAIN.test(raw)) return raw;
  if (REFUSED.test(raw) || raw[0] !== '/') return null;
  const decoded = normaliseEncoding(raw);
  if (decoded === null) return null;
  const collapsed = decoded.replace(/\/{2,}/g, '/').replace(UNSAFE, encode);
  if (/\/\.{1,2}(?:\/|$)/.test(collapsed)) return null;
  return withoutUrlLook(collapsed);
}

function encode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** RFC 3986 §6.2.2: unreserved characters stand for themselves, hex digits are upper case. */
function normaliseEncoding(raw: string): string | null {
  if (!raw.includes('%')) return raw;
  if (/%(?![0-9A-Fa-f]{2})/.test(raw)) return null;
  // `%252e` is `%2e` to whoever decodes once more.
  if (/%25[0-9A-Fa-f]{2}/.test(raw)) return null;
  // Controls, slash, backslash.
  if (/%(?:[01][0-9A-Fa-f]|7[fF]|2[fF]|5[cC])/.test(raw)) return null;
  // Overlong forms of a slash (`%c0%af`) are not UTF-8.
  if (!isUtf8(raw)) return null;
  const decoded = raw.replace(/%[0-9A-Fa-f]{2}/g, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    return UNRESERVED.test(character) ? character : triplet.toUpperCase();
  });
  // `%25%34%31` is `%2541`'s long spelling.
  return /%25[0-9A-Fa-f]{2}/.test(decoded) ? null : decoded;
}

/** Goes by the result: a bundler takes a call out whose result nobody wants, and what it throws with it. */
function isUtf8(encoded: string): boolean {
  try {
    return decodeURIComponent(encoded) !== '';
  } catch {
    return false;
  }
}

/** http-proxy 1.18.1 rewrites `http:/` to `http://` wherever it stands in a path. */
function withoutUrlLook(path: string): string {
  return path.replace(/(https?):(?=\/)/g, '$1%3A');
}
