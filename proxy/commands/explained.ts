import { readFile } from 'node:fs/promises';
import type { Client } from '../clients/client.ts';
import { readClients } from '../clients/store.ts';
import { BUFFER_LIMIT } from '../data/body.ts';
import { type Explanation, explainRequest } from '../data/explain.ts';
import { EXIT, fileProblem, Problem } from '../problem.ts';
import { requireProfile } from '../profiles/change-profiles.ts';
import { readConfig } from '../profiles/config-file.ts';
import { nearestName, shownName } from '../profiles/name.ts';
import type { Argument, Io, Option } from './command.ts';
import { PROFILE_OPTION, parseName, READ_ONLY_OPTION } from './option-types.ts';
import { localStatus } from './profile-states.ts';
import { settle } from './settle.ts';

/** A request that is asked about and not sent. */
export type AskedRequest = {
  method: string;
  path: string;
  client: string | undefined;
  profile: string | undefined;
  body: string | undefined;
};

export const REQUEST_ARGUMENTS: readonly Argument[] = [
  {
    name: 'method',
    description: 'GET, POST, …',
    required: true,
    values: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  },
  { name: 'path', description: '/api/admin/projects', required: true },
];

export const REQUEST_OPTIONS: readonly Option[] = [
  {
    flags: '--client <name>',
    description: 'as this client (default: as a caller of the unix socket)',
    parse: parseName,
    values: 'clients',
  },
  PROFILE_OPTION,
  {
    flags: '--body <file>',
    description: 'with this JSON as its body; - is stdin',
    values: 'files',
    flagOnly: true,
  },
];

/**
 * What the proxy would say to it, by config and clients as they stand on disk, and by what the running one was started
 * with; no proxy needs to run.
 */
export async function explainAsked(asked: AskedRequest, io: Io): Promise<Explanation> {
  const { profiles, current, clientRules } = await readConfig(io.paths);
  if (asked.profile !== undefined) requireProfile(profiles, asked.profile);
  const client = asked.client === undefined ? null : await requireClient(asked.client, io);
  const body = asked.body === undefined ? null : await readBody(asked.body, io);
  const { readOnly, chosen } = await startedWith(current, io);
  const byName = (name: string | null) => profiles.find((profile) => profile.name === name);
  return explainRequest(
    {
      now: io.now,
      clientByTokenHash: () => undefined,
      profileByName: byName,
      currentProfile: () => byName(asked.profile ?? chosen),
      clientRules: (name) => (Object.hasOwn(clientRules, name) ? (clientRules[name] ?? []) : []),
      secretOf: () => ({ ok: false, message: 'Nothing is sent.', hint: '' }),
      readOnly,
      audit: () => undefined,
      upstreamUnauthorized: () => undefined,
    },
    { method: asked.method, path: pathOf(asked.path), client, body },
  );
}

/** What the running proxy was started with; where none runs, what `start` without flags would be. */
async function startedWith(
  current: string | null,
  io: Io,
): Promise<{ readOnly: boolean; chosen: string | null }> {
  const running = await localStatus(io);
  if (running) return { readOnly: running.readOnly, chosen: running.profile };
  const { readOnly } = await settle([READ_ONLY_OPTION], [], {
    flags: {},
    values: [],
    env: io.env,
    settings: async () => (await readConfig(io.paths)).settings,
    command: 'tokenleash start',
  });
  return { readOnly: readOnly === true, chosen: current };
}

/** A whole URL is what people have at hand; the proxy sees its path and query. */
function pathOf(typed: string): string {
  if (!/^https?:\/\//i.test(typed)) return typed;
  try {
    const url = new URL(typed);
    return url.pathname + url.search;
  } catch {
    return typed;
  }
}

/** A client by its name; throws a Problem that offers the nearest one. */
export async function requireClient(name: string, io: Io): Promise<Client> {
  const clients = await readClients(io.paths.state);
  const found = clients.find((client) => client.name === name);
  if (found) return found;
  const near = nearestName(
    name,
    clients.map((client) => client.name),
  );
  const meant = near === null ? '' : ` Did you mean "${near}"?`;
  throw new Problem(
    `There is no client "${shownName(name)}".${meant}`,
    near === null ? 'tokenleash client list' : `tokenleash explain METHOD PATH --client ${near}`,
    EXIT.usage,
  );
}

/** Enough of it to be judged: what is longer is refused by its length alone, wherever a rule goes by it. */
async function readBody(file: string, io: Io): Promise<Buffer> {
  if (file !== '-') {
    try {
      return await readFile(file);
    } catch (error) {
      throw fileProblem('read', file, error);
    }
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size > BUFFER_LIMIT) break;
  }
  return Buffer.concat(chunks);
}
