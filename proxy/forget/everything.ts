import { readClients } from '../clients/store.ts';
import { answer, type Io, tell } from '../commands/command.ts';
import { finishEarlierChanges } from '../commands/finish-changes.ts';
import { endRunning } from '../commands/stop.ts';
import { EXIT, Problem } from '../problem.ts';
import { readConfig } from '../profiles/config-file.ts';
import type { Profile } from '../profiles/profile.ts';
import { findRunning } from '../runtime/running-proxy.ts';
import { keychainIndex, listKeychain } from '../secrets/keychain.ts';
import { listStored, removeStored } from '../secrets/stored-entries.ts';
import { confirmForgetting } from './confirm.ts';
import { whatStays } from './what-stays.ts';
import { type Wiped, wipeFiles } from './wipe-files.ts';

const TYPED = 'tokenleash forget --all';

/**
 * Wipes all that Tokenleash keeps on this machine. Works with files that do not read any more, and again after it
 * was killed: the keychain's list goes last, when all that it names is gone.
 */
export async function forgetEverything(io: Io, yes: boolean): Promise<number> {
  const profiles = await profilesLeft(io);
  await confirmForgetting(io, await inventory(profiles, io), TYPED, yes);

  if (await endRunning(io)) answer(io, 'The proxy has ended.');
  // A token that was on its way into a file of the user's, as `profile move` makes one, lies outside our folders.
  await finishEarlierChanges(io).catch(() => undefined);
  const keychain = await wipeKeychain(io);
  const keep = keychain.failed.length > 0 ? [keychainIndex(io.paths)] : [];
  const files = await wipeFiles(io.paths, new Set(keep));
  report(io, keychain, files);

  for (const sentence of whatStays(profiles)) tell(io, `Left: ${sentence}`);
  tell(io, 'Left: What the extension keeps of a pairing; end it there, in its options.');
  const whole = keychain.failed.length === 0 && files.left.length === 0;
  return whole ? EXIT.ok : EXIT.failure;
}

/** A config.yaml that does not read is wiped all the same; only its profiles cannot be named. */
async function profilesLeft(io: Io): Promise<Profile[]> {
  try {
    return (await readConfig(io.paths)).profiles;
  } catch (error) {
    if (error instanceof Problem) return [];
    throw error;
  }
}

async function inventory(profiles: readonly Profile[], io: Io): Promise<string[]> {
  const clients = await readClients(io.paths.state).catch(() => []);
  const stored = await Promise.all(
    (['attended', 'unattended', 'keychain'] as const).map((key) =>
      listStored(io.paths, key).catch(() => null),
    ),
  );
  const links = stored.flatMap((list) => list ?? []).filter(({ kind }) => kind === 'link').length;
  const running = await findRunning(io.paths).catch(() => null);
  const { config, data, state, runtime } = io.paths;
  return [
    ...(running ? [`the running proxy (process ${running.pid}) ends`] : []),
    ...profiles.map(({ name, url }) => `profile "${name}" (${url}) and its stored token`),
    `clients: ${clients.length}; paired browsers: ${links}`,
    `all files of Tokenleash in ${[...new Set([config, data, state, runtime])].join(', ')}`,
  ];
}

type KeychainWiped = { removed: number; failed: Problem[] };

async function wipeKeychain(io: Io): Promise<KeychainWiped> {
  const wiped: KeychainWiped = { removed: 0, failed: [] };
  const trying = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      wiped.failed.push(error);
    }
  };
  await trying(async () => {
    for (const entry of (await listKeychain(io.paths)) ?? [])
      await trying(async () => {
        if (await removeStored(io.paths, io.env, 'keychain', entry)) wiped.removed += 1;
      });
  });
  return wiped;
}

function report(io: Io, keychain: KeychainWiped, files: Wiped): void {
  if (keychain.removed > 0) answer(io, `Wiped: ${keychain.removed} in the keychain.`);
  for (const path of files.gone) answer(io, `Wiped: ${path}`);
  if (keychain.removed + files.gone.length === 0) answer(io, 'There was nothing to forget.');
  for (const { message, next } of keychain.failed) tell(io, `Not wiped: ${message} Type: ${next}`);
  for (const { path, why } of files.left) tell(io, `Not wiped: ${path}: ${why}`);
}
