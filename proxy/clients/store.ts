import { join } from 'node:path';
import * as v from 'valibot';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import { nearestName, shownName } from '../profiles/name.ts';
import { exclusively } from '../runtime/exclusively.ts';
import { readPrivate, writePrivate } from '../runtime/private-file.ts';
import type { Client } from './client.ts';
import {
  clientNameFault,
  isExpired,
  type MadeClient,
  makeClient,
  type NewClient,
} from './table.ts';

const FILE = 'clients.json';
/** An expired client stays listed this long, so that its user reads "expired" and not "unknown". */
const KEEP_EXPIRED_MS = 30 * 86_400_000;

const ClientSchema = v.object({
  name: v.string(),
  profile: v.nullable(v.string()),
  access: v.picklist(['read', 'ask', 'write']),
  mint: v.boolean(),
  expiresAt: v.nullable(v.string()),
  createdAt: v.string(),
  tokenHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const FileSchema = v.object({ version: v.literal(1), clients: v.array(ClientSchema) });

/** The clients' file below a state folder; a running proxy watches it to see what other processes change. */
export function clientsFile(stateFolder: string): string {
  return join(stateFolder, FILE);
}

/** All clients of a state folder; none when there is no file yet. Throws a Problem, and leaves a damaged file. */
export async function readClients(stateFolder: string): Promise<Client[]> {
  const path = clientsFile(stateFolder);
  const text = await readPrivate(path, 'owner-only');
  if (text === null) return [];
  const clients = parseClients(text);
  if (clients !== null) return clients;
  throw new Problem(
    `${path} is damaged; it was left as it is.`,
    `mv ${quoteForShell(path)} ${quoteForShell(`${path}.damaged`)}`,
  );
}

function parseClients(text: string): Client[] | null {
  try {
    const result = v.safeParse(FileSchema, JSON.parse(text));
    return result.success ? result.output.clients : null;
  } catch {
    return null;
  }
}

/** Replaces all clients, whole or not at all, mode 0600. Throws a Problem. */
export async function writeClients(stateFolder: string, clients: readonly Client[]): Promise<void> {
  const text = `${JSON.stringify({ version: 1, clients }, null, 2)}\n`;
  await writePrivate(clientsFile(stateFolder), text);
}

/**
 * Makes a client and keeps its hash; `token` is told once, here. Safe beside other processes that add or revoke at
 * the same moment. A name whose client has expired may be taken again. Throws a Problem.
 */
export async function addClient(
  stateFolder: string,
  wanted: NewClient,
  now: number,
): Promise<MadeClient> {
  const fault = clientNameFault(wanted.name);
  if (fault !== null) throw new Problem(fault, 'tokenleash client add my-script', EXIT.usage);
  return await exclusively(clientsFile(stateFolder), async () => {
    const clients = await readClients(stateFolder);
    const taken = clients.find((client) => client.name === wanted.name);
    if (taken !== undefined && !isExpired(taken, now)) {
      throw new Problem(
        `There is a client "${wanted.name}" already; it was left as it is.`,
        `tokenleash client revoke ${wanted.name}`,
      );
    }
    const made = makeClient(wanted, now);
    const others = clients.filter(
      (client) => client.name !== wanted.name && !isLongExpired(client, now),
    );
    await writeClients(stateFolder, [...others, made.client]);
    return made;
  });
}

function isLongExpired(client: Client, now: number): boolean {
  return client.expiresAt !== null && Date.parse(client.expiresAt) + KEEP_EXPIRED_MS < now;
}

/**
 * Ends one client's token; its open connections are ended by the data port's `closeClient`. Throws a Problem when
 * there is no such client.
 */
export async function revokeClient(stateFolder: string, name: string): Promise<void> {
  await exclusively(clientsFile(stateFolder), async () => {
    const clients = await readClients(stateFolder);
    const others = clients.filter((client) => client.name !== name);
    if (others.length === clients.length) throw noSuchClient(name, clients);
    await writeClients(stateFolder, others);
  });
}

/** Ends the tokens of all clients of a profile; gives their names. */
export async function revokeClientsOf(stateFolder: string, profile: string): Promise<string[]> {
  return await exclusively(clientsFile(stateFolder), async () => {
    const clients = await readClients(stateFolder);
    const gone = clients.filter((client) => client.profile === profile);
    if (gone.length > 0)
      await writeClients(
        stateFolder,
        clients.filter((client) => client.profile !== profile),
      );
    return gone.map(({ name }) => name);
  });
}

function noSuchClient(name: string, clients: readonly Client[]): Problem {
  const near = nearestName(
    name,
    clients.map((client) => client.name),
  );
  const meant = near === null ? '' : ` Did you mean "${near}"?`;
  return new Problem(
    `There is no client "${shownName(name)}".${meant}`,
    near === null ? 'tokenleash client list' : `tokenleash client revoke ${near}`,
    EXIT.usage,
  );
}
