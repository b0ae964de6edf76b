import { once } from 'node:events';
import { followAudit, readAudit } from '../audit/read.ts';
import { type Outcome, outcomeOf, type Selection, selector } from '../audit/select.ts';
import type { AuditEntry } from '../data/context.ts';
import { EXIT } from '../problem.ts';
import { nearestName, shownName } from '../profiles/name.ts';
import { auditFile } from '../runtime/paths.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { LOG_OPTIONS, type Since } from './log-options.ts';

type LogOptions = {
  follow: boolean;
  client: string | undefined;
  profile: string | undefined;
  operation: string | undefined;
  verdict: Outcome | undefined;
  since: Since | undefined;
  lines: number | undefined;
  json: boolean | undefined;
};

const DEFAULT_LINES = 50;

export const command: Command<LogOptions> = {
  options: [
    ...LOG_OPTIONS,
    { ...JSON_OPTION, description: 'print one JSON object; with --follow one on each line' },
  ],
  help: `One line for each request: when, who, where to, how it ended, what it meant. A refused one ends with its id, for
\`tokenleash explain ID\`. The proxy need not run.
  tokenleash log --follow --verdict refused`,
  helpsWithBrokenConfig: true,
  run,
};

async function run(options: LogOptions, io: Io): Promise<number> {
  const path = auditFile(io.paths);
  const since = options.since?.(io.now()) ?? 0;
  const wanted = selectionOf(options);
  const found = await lastEntries(path, wanted, since, linesOf(options));
  const { follow } = options;
  if (options.json) {
    if (!follow) await answerEntries(found.entries, io);
    else for (const entry of found.entries) answerJson(io, entry);
  } else {
    for (const entry of found.entries) answer(io, lineOf(entry));
    if (found.entries.length === 0 && !follow) tellNothing(wanted, found, io);
  }
  return follow ? await followOn(path, wanted, found.seen, options.json ?? false, io) : EXIT.ok;
}

function selectionOf({ client, profile, operation, verdict }: LogOptions): Selection {
  return {
    client: client ?? null,
    profile: profile ?? null,
    operation: operation ?? null,
    outcome: verdict ?? null,
  };
}

function linesOf({ lines, since, json }: LogOptions): number {
  return lines ?? (since || json ? Number.POSITIVE_INFINITY : DEFAULT_LINES);
}

type Found = {
  entries: AuditEntry[];
  /** How many were looked at, and what may have been meant by a name that none has. */
  looked: number;
  names: Record<'client' | 'profile' | 'operation', Set<string>>;
  seen: Seen;
};

/** Where reading ended: the time of the last entry, and all entries of that moment. */
type Seen = { time: number; ids: Set<string> };

async function lastEntries(
  path: string,
  wanted: Selection,
  since: number,
  lines: number,
): Promise<Found> {
  const isWanted = selector(wanted);
  const found: Found = {
    entries: [],
    looked: 0,
    names: { client: new Set(), profile: new Set(), operation: new Set() },
    seen: { time: since, ids: new Set() },
  };
  for await (const entry of readAudit(path, { since })) {
    found.looked += 1;
    remember(found.seen, entry);
    for (const field of ['client', 'profile', 'operation'] as const)
      if (entry[field] !== null) found.names[field].add(entry[field]);
    if (!isWanted(entry)) continue;
    found.entries.push(entry);
    // Cut now and then, not at each: what is shown is short, what is read may be long.
    if (found.entries.length > 2 * lines) found.entries.splice(0, found.entries.length - lines);
  }
  if (found.entries.length > lines) found.entries.splice(0, found.entries.length - lines);
  return found;
}

/** A clock that was set back makes times fall; the latest one counts, so that nothing is shown twice. */
function remember(seen: Seen, { time, id }: AuditEntry): void {
  const at = Date.parse(time);
  if (at > seen.time) {
    seen.time = at;
    seen.ids.clear();
  }
  if (at === seen.time) seen.ids.add(id);
}

/** Goes on from where reading ended: nothing is lost in between, and nothing shown twice. */
async function followOn(
  path: string,
  wanted: Selection,
  seen: Seen,
  json: boolean,
  io: Io,
): Promise<number> {
  const ending = new AbortController();
  let exit: number = EXIT.ok;
  const end = (code: number) => () => {
    exit = code;
    ending.abort();
  };
  process.once('SIGINT', end(EXIT.interrupted));
  process.once('SIGTERM', end(EXIT.terminated));
  const isWanted = selector(wanted);
  const options = { signal: ending.signal, from: 'start' as const, since: seen.time };
  for await (const entry of followAudit(path, options)) {
    if (seen.ids.has(entry.id) || !isWanted(entry)) continue;
    if (json) answerJson(io, entry);
    else answer(io, lineOf(entry));
  }
  return exit;
}

/** Piece by piece: the log may hold more than is good to have twice in memory. */
async function answerEntries(entries: readonly AuditEntry[], io: Io): Promise<void> {
  const write = async (text: string) => {
    if (!io.stdout.write(text)) await once(io.stdout, 'drain');
  };
  await write('{"version":1,"entries":[');
  for (const [at, entry] of entries.entries())
    await write(`${at === 0 ? '' : ','}${JSON.stringify(entry)}`);
  await write(']}\n');
}

/** `2026-11-23T09:20:01.250Z  script → demo  refused  403  policy.mint by mint guard  getAllApiTokens  GET /…  ID` */
export function lineOf(entry: AuditEntry): string {
  const { time, client, profile, status, code, rule, operation, method, template, ms, id } = entry;
  const outcome = outcomeOf(entry);
  const why = code === null ? null : rule === null || rule === code ? code : `${code} by ${rule}`;
  const meant =
    operation === null ? `${method} (no operation)` : `${operation}, ${method} ${template}`;
  return [
    time,
    `${client ?? '(nobody)'} → ${profile ?? '(nowhere)'}`,
    `${outcome} ${status}`,
    why,
    meant,
    outcome === 'refused' ? id : `${Math.round(ms)} ms`,
  ]
    .filter((part) => part !== null)
    .map((part) => part.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?'))
    .join('  ');
}

function tellNothing(wanted: Selection, { looked, names }: Found, io: Io): void {
  if (looked === 0) {
    tell(io, 'No request is in the log.');
    tell(io, 'Type: tokenleash run -- CMD');
    return;
  }
  tell(io, `No request in the log is such a one; ${looked} were looked at.`);
  for (const field of ['client', 'profile', 'operation'] as const) {
    const name = wanted[field];
    const near = name === null ? null : nearestName(name, [...names[field]]);
    if (name !== null && near !== null && near.toLowerCase() !== name.toLowerCase())
      tell(io, `There is no ${field} "${shownName(name)}" in it. Did you mean "${near}"?`);
  }
  tell(io, 'Type: tokenleash log');
}
