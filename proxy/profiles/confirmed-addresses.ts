import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import { Problem, quoteForShell } from '../problem.ts';
import { exclusively } from '../runtime/exclusively.ts';
import type { Paths } from '../runtime/paths.ts';
import { readPrivate, writePrivate } from '../runtime/private-file.ts';
import { sourceWord } from './config-file.ts';
import type { Profile } from './profile.ts';

/**
 * Which base URLs a token may go to that is read when it is used. A stored token is bound to its URL by its seal; these
 * are bound by this note, so that an address which was edited in config.yaml gets no token before a person has said so
 * by a command. A source that stands in no note yet is noted with the URLs that it has at that time.
 */
const noteSchema = v.object({
  version: v.literal(1),
  /** By the SHA-256 of the source as config.yaml has it. */
  sources: v.record(v.string(), v.array(v.string())),
});

type Sources = v.InferOutput<typeof noteSchema>['sources'];

/** Whether this profile's token may go to this profile's URL. */
export type IsConfirmed = (profile: Profile) => boolean;

const notePath = (paths: Paths): string => join(paths.data, 'addresses.json');

const isUsed = ({ source }: Profile): boolean => !('store' in source);

const markOf = ({ source }: Profile): string =>
  createHash('sha256').update(sourceWord(source)).digest('hex');

const judge =
  (sources: Sources): IsConfirmed =>
  (profile) =>
    !isUsed(profile) || (sources[markOf(profile)]?.includes(profile.url) ?? true);

/** What is noted, for who only looks. Throws a Problem for a damaged note. */
export async function readAddresses(paths: Paths): Promise<IsConfirmed> {
  return judge(await read(paths));
}

/** The same for the proxy: first notes the sources that it meets here for the first time. */
export async function noteAddresses(
  paths: Paths,
  profiles: readonly Profile[],
): Promise<IsConfirmed> {
  const used = profiles.filter(isUsed);
  if (used.length === 0) return judge({});
  const known = await read(paths);
  if (used.every((profile) => Object.hasOwn(known, markOf(profile)))) return judge(known);
  return judge(
    await change(paths, (sources) => {
      const before = new Set(Object.keys(sources));
      for (const profile of used) if (!before.has(markOf(profile))) add(sources, profile);
    }),
  );
}

/** A person has named this URL for this profile. Called before config.yaml says so. */
export async function confirmAddress(paths: Paths, profile: Profile): Promise<void> {
  if (isUsed(profile)) await change(paths, (sources) => add(sources, profile));
}

/** The profile is gone; `left` are those that are still there. */
export async function forgetAddress(
  paths: Paths,
  profile: Profile,
  left: readonly Profile[],
): Promise<void> {
  const mark = markOf(profile);
  const isShared = left.some((other) => other.url === profile.url && markOf(other) === mark);
  if (!isUsed(profile) || isShared || !Object.hasOwn(await read(paths), mark)) return;
  await change(paths, (sources) => {
    const urls = (sources[mark] ?? []).filter((url) => url !== profile.url);
    if (urls.length > 0) sources[mark] = urls;
    else delete sources[mark];
  });
}

function add(sources: Sources, profile: Profile): void {
  const mark = markOf(profile);
  sources[mark] = [...new Set([...(sources[mark] ?? []), profile.url])];
}

async function change(paths: Paths, edit: (sources: Sources) => void): Promise<Sources> {
  const path = notePath(paths);
  return await exclusively(path, async () => {
    const sources = await read(paths);
    edit(sources);
    await writePrivate(path, `${JSON.stringify({ version: 1, sources })}\n`);
    return sources;
  });
}

async function read(paths: Paths): Promise<Sources> {
  const path = notePath(paths);
  const text = await readPrivate(path, 'owner-only');
  if (text === null) return {};
  const parsed = v.safeParse(noteSchema, json(text));
  if (!parsed.success)
    throw new Problem(`${path} is damaged. It was left as it is.`, `rm ${quoteForShell(path)}`);
  return parsed.output.sources;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
