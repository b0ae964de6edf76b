import type { NamingPlace } from '../../shared/unleash/operation.ts';

/** What a request names of one subject. */
export type Named = {
  names: readonly string[];
  /** It concerns all, or one that it does not name. */
  all: boolean;
};

/** The JSON of a request's body; `null` until it was read, its value `undefined` where there is no body. */
export type ReadBody = { value: unknown } | null;

/** It cannot be said before the body was read. */
export const NEEDS_BODY = Symbol('needs the body');

type Found = { names: string[]; all: boolean };

/** Unleash's word for "all projects" and "all environments" in a body. */
const ALL = '*';

/** What stands in these places; `path` is canonical, in the caller's own case. */
export function namedIn(
  places: readonly NamingPlace[],
  path: string,
  body: ReadBody,
): Named | typeof NEEDS_BODY {
  const found: Found = { names: [], all: false };
  for (const place of places) {
    if (place.in === 'all') found.all = true;
    else if (place.in === 'path') take(segmentOf(path, place.segment), found);
    else if (body === null) return NEEDS_BODY;
    else if (place.in === 'body') takeFromBody(body.value, place, found);
    else if (isThere(body.value, place.pointer)) found.all = true;
  }
  return found;
}

/** A segment as the server takes it: percent decoded. Canonical paths decode, once, to what every Unleash reads. */
function segmentOf(path: string, segment: number): string | undefined {
  const raw = path.slice(1).split('/')[segment];
  return raw?.includes('%') ? decodeURIComponent(raw) : raw;
}

function takeFromBody(
  value: unknown,
  { pointer, optional }: Extract<NamingPlace, { in: 'body' }>,
  found: Found,
): void {
  const before = found.names.length;
  const absent = collect(value, pointer, 0, found);
  if (!optional && (absent || found.names.length === before)) found.all = true;
}

/**
 * Follows a pointer and takes what is at its end. True where nothing is there: only a place that may be left out is
 * then fine. What is there and is no name, or lies where no server of ours looks, counts as all.
 */
function collect(value: unknown, pointer: readonly string[], at: number, found: Found): boolean {
  if (value === undefined || value === null) return true;
  const key = pointer[at];
  if (key === undefined) {
    take(value, found);
    return false;
  }
  if (key === '*') {
    // Within an element a further list may be left out; a name may not.
    const mayLack = pointer.includes('*', at + 1);
    for (const each of Array.isArray(value) ? value : [value]) {
      if (collect(each, pointer, at + 1, found) && !mayLack) found.all = true;
    }
    return false;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    found.all = true;
    return false;
  }
  return collect(ownValue(value, key), pointer, at + 1, found);
}

function ownValue(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function take(value: unknown, found: Found): void {
  const name = typeof value === 'number' ? String(value) : value;
  if (typeof name === 'string' && name !== '' && name !== ALL) found.names.push(name);
  else found.all = true;
}

function isThere(value: unknown, pointer: readonly string[]): boolean {
  let here = value;
  for (const key of pointer) {
    if (typeof here !== 'object' || here === null) return false;
    here = ownValue(here, key);
  }
  return here !== undefined && here !== null && !(Array.isArray(here) && here.length === 0);
}
