import type { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AGAIN, AGAIN_ELSEWHERE, EXIT, Problem } from '../problem.ts';
import { withoutTokens } from './without-tokens.ts';

/**
 * The system's keychain: Secret Service on Linux (pinned: the library's own choice falls back to the kernel keyring,
 * which forgets at reboot), Keychain on macOS, Credential Manager on Windows.
 *
 * Each batch runs in a process of its own. A keychain may wait for a person to unlock it, in native code that cannot
 * be interrupted and that would keep our own process from ending; a process can be ended when its time is up.
 */
export type KeyringAct =
  | { act: 'get'; name: string }
  | { act: 'set'; name: string; value: string }
  | { act: 'delete'; name: string };

/** What each act gave: the value or null; true; whether there was one. Rejects with a KeychainProblem at the first failure. */
export type Keyring = (acts: readonly KeyringAct[]) => Promise<(string | boolean | null)[]>;

/** The keychain as a whole does not work now, whatever is kept there. */
export class KeychainProblem extends Problem {
  constructor(message: string, next: string) {
    super(message, next, EXIT.credential);
  }
}

/** As gh has it: https://github.com/cli/cli/blob/trunk/internal/keyring/keyring.go */
export const KEYCHAIN_LIMIT_MS = 3_000;

/** What entries of ours are filed under. */
const SERVICE = 'tokenleash';

const LIBRARY = '@napi-rs/keyring';

/** Runs in the other process: acts on stdin, what they gave on stdout. Nothing secret stands in its arguments. */
const HELPER = `
const { Entry } = require(process.argv[1]);
let text = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => (text += chunk)).on('end', () => {
  const { service, acts } = JSON.parse(text);
  let reply;
  try {
    reply = { gave: acts.map(({ act, name, value }) => {
      const entry = new Entry(service, name, { linux: { store: 'secret-service' } });
      if (act === 'get') return entry.getPassword();
      if (act === 'delete') return entry.deleteCredential();
      entry.setPassword(value);
      return true;
    }) };
  } catch (error) {
    reply = { failed: String(error && error.message) };
  }
  process.stdout.write(JSON.stringify(reply));
});`;

export function systemKeyring(env: NodeJS.ProcessEnv, limitMs = KEYCHAIN_LIMIT_MS): Keyring {
  return async (acts) => {
    if (noBus(env))
      throw new KeychainProblem(
        'No keychain runs in this session (there is no D-Bus).',
        AGAIN_ELSEWHERE,
      );
    // Few need it, and it is one of the slower modules to load.
    const { spawn } = await import('node:child_process');
    const reply = await runHelper(
      spawn,
      libraryPath(),
      JSON.stringify({ service: SERVICE, acts }),
      {
        env,
        limitMs,
      },
    );
    if (Array.isArray(reply.gave)) return reply.gave;
    throw failure(String(reply.failed ?? ''));
  };
}

/** Whether Linux has no bus that a keychain could answer on: seen without a process, as most servers have none. */
function noBus(env: NodeJS.ProcessEnv): boolean {
  if (process.platform !== 'linux' || env.DBUS_SESSION_BUS_ADDRESS) return false;
  return !env.XDG_RUNTIME_DIR || !existsSync(join(env.XDG_RUNTIME_DIR, 'bus'));
}

function libraryPath(): string {
  try {
    return createRequire(import.meta.url).resolve(LIBRARY);
  } catch {
    throw new KeychainProblem(
      `The keychain needs the package ${LIBRARY}, which is not installed beside this program.`,
      AGAIN_ELSEWHERE,
    );
  }
}

type Reply = { gave?: unknown; failed?: unknown };

function runHelper(
  start: typeof spawn,
  library: string,
  input: string,
  { env, limitMs }: { env: NodeJS.ProcessEnv; limitMs: number },
): Promise<Reply> {
  return new Promise((done, failed) => {
    const child = start(process.execPath, ['-e', HELPER, library], {
      env: { ...env, NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      failed(
        new KeychainProblem(
          `The keychain did not answer within ${limitMs / 1000} s; it may be waiting for somebody to unlock it.`,
          AGAIN,
        ),
      );
    }, limitMs);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => {
      clearTimeout(timer);
      failed(
        new KeychainProblem(`The keychain could not be asked: ${error.message}.`, AGAIN_ELSEWHERE),
      );
    });
    child.on('close', () => {
      clearTimeout(timer);
      done(parse(Buffer.concat(chunks).toString('utf8')));
    });
    child.stdin.end(input);
  });
}

function parse(text: string): Reply {
  try {
    return JSON.parse(text) as Reply;
  } catch {
    return { failed: 'its library does not run here' };
  }
}

/** The library's words (keyring-rs and libdbus) in ours. */
function failure(said: string): KeychainProblem {
  if (/dismissed|locked/i.test(said))
    return new KeychainProblem(
      'The keychain is locked, and nobody unlocked it. Unlock it first.',
      AGAIN,
    );
  if (/no result found/i.test(said))
    return new KeychainProblem(
      'The keychain has no keyring to keep anything in: none was made in this session.',
      AGAIN_ELSEWHERE,
    );
  if (/ServiceUnknown|not provided by any|DBUS_SESSION_BUS_ADDRESS|Failed to connect/i.test(said))
    return new KeychainProblem('No keychain runs in this session.', AGAIN_ELSEWHERE);
  const plain = withoutTokens(said)
    .replace(/[\p{C}\s]+/gu, ' ')
    .slice(0, 200);
  return new KeychainProblem(
    `The keychain refused: ${plain || 'it gave no reason'}.`,
    AGAIN_ELSEWHERE,
  );
}
