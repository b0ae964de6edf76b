import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../proxy/audit/log.ts';
import { hashPhantomToken, makePhantomToken } from '../../proxy/clients/phantom-token.ts';
import { addClient, clientsFile, readClients, revokeClient } from '../../proxy/clients/store.ts';
import { clientNameFault, createClientTable, isExpired } from '../../proxy/clients/table.ts';
import { parseToken } from '../../shared/token/grammar.ts';
import { auditEntry } from './audit-entry.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenleash-'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));

const wanted = (name: string, ttlMs: number | null = null) => ({
  name,
  profile: null,
  access: 'read' as const,
  mint: false,
  ttlMs,
});

describe('a phantom token', () => {
  it('is read as one by the grammar, and no two are the same', () => {
    const tokens = Array.from({ length: 100 }, () => makePhantomToken());
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(parseToken(token)).toEqual({ kind: 'phantom' });
  });

  it('is kept as a hash alone, in a file that only its owner can read', async () => {
    const { token } = await addClient(folder, wanted('script'), Date.now());
    const text = await readFile(clientsFile(folder), 'utf8');
    expect(text).not.toContain(token.slice(8));
    expect(text).toContain(hashPhantomToken(token));
    expect((await stat(clientsFile(folder))).mode & 0o777).toBe(0o600);
  });

  it('expires after its time, and an unreadable time is past', async () => {
    const now = Date.now();
    const { client } = await addClient(folder, wanted('script', 1_000), now);
    expect(isExpired(client, now + 999)).toBe(false);
    expect(isExpired(client, now + 1_000)).toBe(true);
    expect(isExpired({ ...client, expiresAt: 'soon' }, now)).toBe(true);
    expect(isExpired({ ...client, expiresAt: null }, now)).toBe(false);
  });
});

describe('the clients of a proxy', () => {
  it('are all kept when many are added at once', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `shell-${at}`);
    await Promise.all(names.map((name) => addClient(folder, wanted(name), Date.now())));
    const kept = (await readClients(folder)).map(({ name }) => name);
    expect(kept.sort()).toEqual(names.sort());
  });

  it('have names of their own, which are free again after expiry', async () => {
    const now = Date.now();
    await addClient(folder, wanted('script', 1_000), now);
    await expect(addClient(folder, wanted('script'), now)).rejects.toThrow('already');
    await addClient(folder, wanted('script'), now + 2_000);
    expect(await readClients(folder)).toHaveLength(1);
  });

  it.each(['socket', '', '../x', 'a b', 'x'.repeat(300), '🙂', 'uid:0'])(
    'cannot be called %j',
    async (name) => {
      expect(clientNameFault(name)).not.toBeNull();
      await expect(addClient(folder, wanted(name), Date.now())).rejects.toThrow();
      expect(await readClients(folder)).toEqual([]);
    },
  );

  it('end by name, and a wrong name says which was probably meant', async () => {
    await addClient(folder, wanted('terraform'), Date.now());
    await expect(revokeClient(folder, 'teraform')).rejects.toThrow('Did you mean "terraform"?');
    await revokeClient(folder, 'terraform');
    expect(await readClients(folder)).toEqual([]);
  });

  it('are left as they are in a damaged file', async () => {
    await writeFile(clientsFile(folder), '{"version":1,"clients":[{"na', { mode: 0o600 });
    await expect(readClients(folder)).rejects.toThrow('damaged');
    await expect(addClient(folder, wanted('script'), Date.now())).rejects.toThrow('damaged');
    expect(await readFile(clientsFile(folder), 'utf8')).toBe('{"version":1,"clients":[{"na');
  });

  it('are found by hash, and the table says who ended when it is replaced', async () => {
    const first = await addClient(folder, wanted('first'), Date.now());
    const second = await addClient(folder, wanted('second'), Date.now());
    const table = createClientTable(await readClients(folder));
    expect(table.byTokenHash(hashPhantomToken(first.token))?.name).toBe('first');
    expect(table.replace([second.client])).toEqual(['first']);
    expect(table.byTokenHash(hashPhantomToken(first.token))).toBeUndefined();
  });
});

describe('the audit log', () => {
  const entry = auditEntry('a');
  const fail = (error: unknown) => {
    throw error;
  };

  it('appends whole lines to a file that only its owner can read, in batches and at the end', async () => {
    const path = join(folder, 'audit', 'audit.jsonl');
    const log = openAuditLog({ path, flushAfterMs: 20, onError: fail });
    log.write(entry);
    log.write({ ...entry, id: 'b' });
    // At once: no timer can come in between.
    expect(readFileSync(path, 'utf8')).toBe('');
    await expect.poll(() => readFile(path, 'utf8')).toMatch(/"id":"b".*\n$/);
    log.write({ ...entry, id: 'c' });
    log.close();
    log.write({ ...entry, id: 'too late' });
    const again = openAuditLog({ path, onError: fail });
    again.write({ ...entry, id: 'd' });
    again.close();
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(['a', 'b', 'c', 'd']);
    expect(JSON.parse(lines[0] ?? '')).toEqual(entry);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});
