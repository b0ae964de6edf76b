/**
 * Texts as literals of other languages. All take visible ASCII (`visibleAscii` has seen to that), so no line break and
 * no control character has to be minded.
 */

/** One word of a POSIX shell. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A string in double quotes for languages that interpolate nothing: JavaScript, JSON, YAML, Python, Java, Go, C#, Rust. */
export function doubleQuoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A string in single quotes for Ruby and PHP, which interpolate in double quotes alone. */
export function singleQuoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

/** A string of HCL: `${` and `%{` would begin a template. */
export function hclQuoted(text: string): string {
  return doubleQuoted(text).replace(/[$%](?=\{)/g, '$&$&');
}

/** Whether a text holds visible ASCII alone, which is what an HTTP header can carry as it is. */
export function isVisibleAscii(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
