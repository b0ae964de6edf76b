import { candidateBaseUrls } from '../../shared/unleash/base-url.ts';
import type { UnleashError } from '../../shared/unleash/errors.ts';
import { EXIT, Problem } from '../problem.ts';
import { isName } from '../profiles/name.ts';
import type { Profile } from '../profiles/profile.ts';
import { readTrustFiles, serverFetch } from '../profiles/server-fetch.ts';
import { tryServer } from '../profiles/try-server.ts';
import { type Io, tell } from './command.ts';
import { addTypedProfile } from './profile-add.ts';
import { askChoice, askLine, openTerminal, type Terminal } from './terminal.ts';

/** A token that the server refused may be pasted again so often. */
const TRIES = 3;

/**
 * What `start` asks where there is no profile yet: which server, and where its token comes from. What is typed wrongly
 * is asked again. Null where there is no terminal.
 */
export async function addFirstProfile(io: Io): Promise<Profile | null> {
  const terminal = openTerminal(io);
  if (terminal === null) return null;
  const { url, ca } = await askServer(terminal, io);
  const tokenFrom = await askChoice(terminal, {
    message: 'Personal access token',
    options: [
      { value: 'browser', label: 'make it in the browser', hint: 'it is never shown' },
      { value: 'stdin', label: 'paste it here, unseen' },
    ],
  });
  const wanted = {
    name: nameFor(url),
    url,
    ca,
    access: 'write' as const,
    tokenFrom,
    store: undefined,
    unattended: false,
    allowHttp: false,
    clientCert: undefined,
    clientKey: undefined,
    compression: undefined,
  };
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await addTypedProfile(wanted, io);
    } catch (error) {
      const refused = error instanceof Problem && error.exit === EXIT.credential;
      if (!refused || tokenFrom !== 'stdin' || left === 0) throw error;
      tell(io, `${error.message} Paste another one, or Ctrl-C to stop.`);
    }
  }
}

type Server = { url: string; ca: string | undefined };

/** An address that answers as Unleash, or one that the person wants all the same. */
async function askServer(terminal: Terminal, io: Io): Promise<Server> {
  for (;;) {
    const url = await askAddress(terminal);
    let ca: string | undefined;
    for (;;) {
      tell(io, 'Asking the server …');
      const fault = await serverFault(url, ca, io);
      if (fault === null) return { url, ca };
      tell(io, fault.message);
      const next = await askNext(terminal, fault, url);
      if (next === 'keep') return { url, ca };
      if (next === 'another') break;
      ca = await askLine(terminal, {
        message: 'File with the certificate of your CA (PEM)',
        validate: certificateFault,
      });
    }
  }
}

async function askAddress(terminal: Terminal): Promise<string> {
  return await askLine(terminal, {
    message: 'Address of your Unleash',
    placeholder: 'https://unleash.example.com',
    validate(text) {
      const address = candidateBaseUrls(text);
      if (!address.ok) return address.error.message;
      return address.value.clearText
        ? 'This is plain http to another machine. Add it with: tokenleash profile add NAME --url URL --allow-http'
        : undefined;
    },
  });
}

type Next = 'another' | 'keep' | 'ca';

async function askNext(terminal: Terminal, fault: UnleashError, url: string): Promise<Next> {
  const other: { value: Next; label: string } = { value: 'another', label: 'type another address' };
  const authority: { value: Next; label: string } = {
    value: 'ca',
    label: 'trust a CA of our own for it',
  };
  return await askChoice<Next>(terminal, {
    message: 'What now?',
    options: [
      ...(fault.code === 'server.tls' ? [authority, other] : [other]),
      { value: 'keep', label: `use ${url} all the same` },
    ],
  });
}

function certificateFault(path: string): string | undefined {
  try {
    readTrustFiles({ ca: path, clientCertificate: null });
    return undefined;
  } catch (error) {
    return error instanceof Problem ? error.message : 'This file does not read.';
  }
}

async function serverFault(
  url: string,
  ca: string | undefined,
  io: Io,
): Promise<UnleashError | null> {
  const address = candidateBaseUrls(url);
  if (!address.ok) return null;
  const trust = readTrustFiles({ ca: ca ?? null, clientCertificate: null });
  const { outcome } = await tryServer(address.value, null, {
    fetch: serverFetch(address.value.origin, trust, io.env),
    now: io.now(),
  });
  return outcome.is === 'unknown' ? outcome.error : null;
}

/** The host's first word: "unleash" of unleash.example.com says less than the host, "local" more than 127. */
function nameFor(url: string): string {
  const address = candidateBaseUrls(url);
  const host = address.ok ? new URL(address.value.origin).hostname : '';
  if (!isName(host) || host === 'localhost' || /^[\d.]+$/.test(host)) return 'local';
  return host;
}
