import { randomBytes } from 'node:crypto';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openSealed } from '../commands/ask-passphrase.ts';
import type { Io } from '../commands/command.ts';
import { Problem, quoteForShell } from '../problem.ts';
import { neededStores } from '../profiles/needed-stores.ts';
import { createKeychain } from '../secrets/keychain.ts';
import { systemKeyring } from '../secrets/keyring.ts';
import {
  PASSPHRASE_VARIABLE,
  type SealedName,
  sealedFileExists,
  sealedPath,
} from '../secrets/passphrase.ts';
import { listSealedFile, openSealedFile } from '../secrets/sealed-file.ts';
import { type Check, type Finding, failed, failedBy, ok } from './check.ts';

/** The key store, by write, read and delete; and whether what lies there opens. */
export const store: Check = {
  name: 'store',
  doing: () => 'Writing to the key store, reading it back and deleting it',
  async run({ io, config }) {
    const needed = neededStores(config?.profiles ?? []);
    const findings = [await probeSealed(io)];
    if (needed.keychain) findings.push(await probeKeychain(io));
    for (const name of ['attended', 'unattended'] as const) {
      const found = await sealedFinding(io, name, needed[name]).catch(failedBy);
      if (found) findings.push(found);
    }
    return findings;
  },
};

const PROBE = { profile: 'doctor', origin: 'https://doctor.invalid', kind: 'pat' } as const;

/** A sealed file of its own beside the real ones: they are not touched. */
async function probeSealed(io: Io): Promise<Finding> {
  const path = join(io.paths.data, `doctor-${process.pid}.json`);
  const canary = randomBytes(16).toString('hex');
  let made: string | undefined;
  try {
    made = await mkdir(io.paths.data, { recursive: true, mode: 0o700 });
    const probe = await openSealedFile(path, canary, { create: true });
    const note = { createdAt: new Date(io.now()).toISOString(), expiresAt: null, patId: null };
    await probe.put(PROBE, note, canary);
    const back = await probe.get(PROBE);
    if (back !== canary)
      return failed(
        `A sealed file in ${io.paths.data} came back with other content.`,
        `Check the disk. Type: ls -l ${quoteForShell(io.paths.data)}`,
      );
    return ok('The sealed file takes a secret, gives it back and forgets it.');
  } catch (error) {
    return failedBy(error);
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
    if (made !== undefined) await removeEmpty(io.paths.data, made);
  }
}

async function probeKeychain(io: Io): Promise<Finding> {
  const problem = await createKeychain(io.paths, systemKeyring(io.env)).probe();
  return problem === null
    ? ok('The keychain takes a secret, gives it back and forgets it.')
    : failedBy(problem);
}

/** Where there was nothing before, nothing is left: the folders from `made` down to `folder`. */
async function removeEmpty(folder: string, made: string): Promise<void> {
  for (let at = folder; at.startsWith(made); at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      // Somebody has put something there meanwhile.
      return;
    }
  }
}

/** Whether the file reads and, where that takes no person, opens with all that is in it. */
async function sealedFinding(io: Io, name: SealedName, needed: boolean): Promise<Finding | null> {
  const path = sealedPath(io.paths, name);
  if (!(await sealedFileExists(path)))
    return needed
      ? failed(
          `A profile's token should be sealed in ${path}, which is not there.`,
          'Type: tokenleash profile list',
        )
      : null;
  const listed = (await listSealedFile(path)) ?? [];
  const count = listed.length === 1 ? 'one entry' : `${listed.length} entries`;
  if (name === 'attended' && !io.env[PASSPHRASE_VARIABLE])
    return ok(`${path} reads: ${count}, sealed under a passphrase and not opened here.`);
  const open = await openSealed(io, name, 'tokenleash doctor');
  const kinds = await Promise.allSettled([open.list('pat'), open.list('link')]);
  const broken = kinds.find((each) => each.status === 'rejected');
  if (broken?.reason instanceof Problem) return failedBy(broken.reason);
  // A choice that was made with --unattended, and no fault; it is said all the same.
  const key =
    name === 'unattended' ? ' Its key lies beside it: whoever reads both has the tokens.' : '';
  return ok(`${path} opens: ${count}.${key}`);
}
