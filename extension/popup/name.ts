const NAME_LIMIT = 60;

/** A user as the start of a name: `Maria.Lee@example.com` gives `maria.lee`. */
export function nameOfUser(user: string): string {
  const local = user.split('@')[0] ?? '';
  const name = local
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, NAME_LIMIT);
  return name === '' ? 'token' : name;
}

/** Local date as `YYYY-MM-DD`. */
export function localDate(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The first of `name`, `name-2`, `name-3` … that is not taken. */
export function untaken(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number += 1) {
    const next = `${name}-${number}`;
    if (!taken.includes(next)) return next;
  }
}

/** What the form offers as a name: `{user}-{date}`, with a number where that one is taken. */
export function defaultName(user: string, now: number, taken: readonly string[]): string {
  return untaken(`${nameOfUser(user)}-${localDate(now)}`, taken);
}
