import { EXIT, Problem } from '../problem.ts';
import {
  PASSPHRASE_VARIABLE,
  passphraseFromFile,
  type SealedName,
  sealedFileExists,
  sealedPath,
  unattendedKey,
} from '../secrets/passphrase.ts';
import { openSealedFile, type SealedStore } from '../secrets/sealed-file.ts';
import { type Io, tell } from './command.ts';
import { askHidden, hasTerminal, openTerminal } from './terminal.ts';

/** Ends the command before anything else is asked or sent where nobody and no file could give the passphrase. */
export function requirePassphraseWay(io: Io, command: string): void {
  if (io.env[PASSPHRASE_VARIABLE] || hasTerminal(io)) return;
  throw noWay(command);
}

function noWay(command: string): Problem {
  return new Problem(
    'The token is kept sealed under a passphrase, and there is no terminal to ask for it. Nothing was written.',
    `${PASSPHRASE_VARIABLE}=FILE ${command}   (or add the profile with --unattended)`,
    EXIT.credential,
  );
}

/** What this process has opened: a person is not asked twice for what they have just typed. */
const opened = new Map<string, SealedStore>();

/**
 * Opens one of the two sealed files; the passphrase comes from its file or is asked hidden (twice for a new one,
 * three tries for an old one). Makes nothing but the key of the unattended one.
 */
export async function openSealed(io: Io, name: SealedName, command: string): Promise<SealedStore> {
  const path = sealedPath(io.paths, name);
  const store = opened.get(path) ?? (await openAnew(io, name, command, path));
  opened.set(path, store);
  return store;
}

async function openAnew(
  io: Io,
  name: SealedName,
  command: string,
  path: string,
): Promise<SealedStore> {
  const exists = await sealedFileExists(path);
  if (name === 'unattended') {
    const key = await unattendedKey(io.paths, !exists);
    if (key === null)
      throw new Problem(
        `The key file of ${path} is gone, so nothing opens it.`,
        `mv ${path} ${path}.lost`,
        EXIT.credential,
      );
    return await openSealedFile(path, key, { create: true, isRandom: true });
  }
  const given = await passphraseFromFile(io.env, (sentence) => tell(io, sentence));
  if (given !== null) return await openSealedFile(path, given, { create: true });
  const terminal = openTerminal(io);
  if (terminal === null) throw noWay(command);
  try {
    if (!exists) {
      const fresh = await askHidden(terminal, {
        message: 'New passphrase, under which tokens are sealed on this machine',
        validate: (text) => (text === '' ? 'Type at least one character.' : undefined),
      });
      await askHidden(terminal, {
        message: 'The same passphrase again',
        validate: (text) => (text === fresh ? undefined : 'This is not the same.'),
      });
      return await openSealedFile(path, fresh, { create: true });
    }
    for (let left = TRIES - 1; ; left -= 1) {
      const passphrase = await askHidden(terminal, { message: 'Passphrase of the sealed tokens' });
      try {
        return await openSealedFile(path, passphrase, { create: false });
      } catch (error) {
        const wrong = error instanceof Problem && error.exit === EXIT.credential;
        if (!wrong || left === 0) throw error;
        tell(io, 'This passphrase does not open it. Type it again, or Ctrl-C to stop.');
      }
    }
  } finally {
    terminal.close();
  }
}

const TRIES = 3;
