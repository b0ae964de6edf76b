import { resolve } from 'node:path';
import { candidateBaseUrls, type TypedAddress } from '../../shared/unleash/base-url.ts';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import { requireProfile } from '../profiles/change-profiles.ts';
import { changedFields } from '../profiles/changed-fields.ts';
import { readConfig } from '../profiles/config-file.ts';
import { confirmAddress } from '../profiles/confirmed-addresses.ts';
import type { Access, Profile } from '../profiles/profile.ts';
import { readTrustFiles } from '../profiles/server-fetch.ts';
import { asOneChange, setFields } from '../profiles/unfinished.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { storeKeyOf } from '../secrets/open-stores.ts';
import { readWhenUsed } from '../secrets/read-when-used.ts';
import type { StoredSecret } from '../secrets/secret.ts';
import { isKept } from '../secrets/secret-keeper.ts';
import { removeStored } from '../secrets/stored-entries.ts';
import { putPat } from '../secrets/stored-pat.ts';
import { requirePassphraseWay } from './ask-passphrase.ts';
import { answer, type Command, type Io, tell } from './command.ts';
import { finishEarlierChanges } from './finish-changes.ts';
import { handToProxy, noMemory, requireMemory } from './hand-to-proxy.ts';
import { openStore } from './open-stores.ts';
import { parseAccess } from './option-types.ts';
import {
  CHANGED_SERVER_OPTIONS,
  clientCertificateOf,
  type ServerOptions,
} from './server-options.ts';
import { tryToken } from './try-token.ts';
import { readTypedPat } from './typed-pat.ts';

type ProfileSetOptions = ServerOptions & {
  name: string;
  url: string | undefined;
  access: Access | undefined;
  ca: string | undefined;
  allowHttp: boolean | undefined;
};

export const command: Command<ProfileSetOptions> = {
  arguments: [{ name: 'name', description: 'the profile', required: true, values: 'profiles' }],
  options: [
    {
      flags: '--url <url>',
      description: 'another address; its token is asked for again',
      flagOnly: true,
    },
    {
      flags: '--access <access>',
      description: 'the most that any client may do: read, ask or write',
      parse: parseAccess,
      flagOnly: true,
      values: ['read', 'write'],
    },
    {
      flags: '--ca <file>',
      description: 'certificate of a private CA, PEM; "none" for the system’s',
      flagOnly: true,
      values: 'files',
    },
    ...CHANGED_SERVER_OPTIONS,
    {
      flags: '--allow-http',
      description: 'send the token in clear to a server on another machine',
      flagOnly: true,
    },
  ],
  help: `Only what is named changes. A token is bound to the address that it was stored for, so a new address needs
the token again: piped in, or pasted where it is asked for. A running proxy works with the change at once.`,
  run,
};

async function run(options: ProfileSetOptions, io: Io): Promise<number> {
  await finishEarlierChanges(io);
  const { name } = options;
  const { profiles } = await readConfig(io.paths);
  const before = requireProfile(profiles, name, 'profile set');
  const typed = `tokenleash profile set ${quoteForShell(name)}`;
  const { url, access, ca, allowHttp, clientCert, clientKey, compression } = options;
  const named = [url, access, ca, allowHttp, clientCert, clientKey, compression];
  if (named.every((value) => value === undefined))
    throw new Problem('Nothing to set is named.', `${typed} --help`, EXIT.usage);
  const address = url === undefined ? null : requireAddress(url, options, before, typed);
  const after: Profile = {
    ...before,
    url: address?.guess ?? before.url,
    access: access ?? before.access,
    ca: ca === undefined ? before.ca : ca === 'none' ? null : resolve(ca),
    clientCertificate: clientCertificateOf(
      options,
      before.clientCertificate,
      address?.guess ?? before.url,
      io,
      typed,
    ),
    compression: compression ?? before.compression,
    allowHttp: before.allowHttp || allowHttp === true,
  };
  if (after.ca !== null && !after.url.startsWith('https:'))
    throw new Problem(
      `A private CA is for https, and ${after.url} is plain http.`,
      `${typed} --url ${quoteForShell(after.url)} --ca none`,
      EXIT.usage,
    );
  readTrustFiles(after);
  // Named again as it stands in config.yaml: this is how an address that was edited there is confirmed.
  if (address?.guess === before.url) await confirmAddress(io.paths, before);
  if (address === null || address.guess === before.url)
    await setFields(io.paths, name, changedFields(before, after));
  else await moveToAddress(before, after, address, io, typed);
  await reloadRunning(io.paths);
  const now = requireProfile((await readConfig(io.paths)).profiles, name);
  answer(
    io,
    `Profile "${name}": ${now.url}, ${now.access}${now.ca === null ? '' : `, CA ${now.ca}`}.`,
  );
  return EXIT.ok;
}

function requireAddress(
  url: string,
  { allowHttp }: ProfileSetOptions,
  before: Profile,
  typed: string,
): TypedAddress {
  const address = candidateBaseUrls(url);
  if (!address.ok) {
    const { message, suggestion } = address.error;
    const better = quoteForShell(suggestion ?? 'https://unleash.example.com');
    throw new Problem(message, `${typed} --url ${better}`, EXIT.usage);
  }
  if (address.value.clearText && !allowHttp && !before.allowHttp)
    throw new Problem(
      `${address.value.guess} is plain http: the token would travel in clear. Nothing was changed.`,
      `${typed} --url ${quoteForShell(address.value.guess.replace(/^http:/, 'https:'))}   (or --allow-http)`,
      EXIT.usage,
    );
  return address.value;
}

/** Another server gets a token of its own: the one that is stored is for the old one, and is not sent there. */
async function moveToAddress(
  before: Profile,
  after: Profile,
  address: TypedAddress,
  io: Io,
  typed: string,
): Promise<void> {
  const { name, source } = after;
  const key = storeKeyOf(after);
  const again = `${typed} --url ${quoteForShell(address.guess)}`;
  if (source.from === 'stored' && key === null) await requireMemory(io);
  if (source.from === 'stored' && key === 'attended') requirePassphraseWay(io, again);
  const pat = await patFor(after, address, io, again);
  const { baseUrl, owner } = await tryToken(address, pat, after, io, again);
  const moved = { ...after, url: baseUrl };
  const fields = changedFields(before, moved);
  const secret: StoredSecret | null =
    source.from === 'stored' && pat !== null
      ? { secret: pat, id: null, expiresAt: null, owner, origin: baseUrl }
      : null;
  if (secret !== null && key !== null) {
    const store = await openStore(io, key, again);
    await asOneChange(io, { does: 'address', profile: name, store: key, fields }, async () => {
      await putPat(store, name, secret, new Date(io.now()).toISOString());
      await setFields(io.paths, name, fields);
    });
  } else {
    await confirmAddress(io.paths, moved);
    await setFields(io.paths, name, fields);
  }
  if (secret !== null && !(await handToProxy(name, secret, io)) && key === null) throw noMemory();
  if (source.from === 'browser') {
    if (key !== null) await removeStored(io.paths, io.env, key, { kind: 'pat', profile: name });
    tell(io, 'It waits for a token of the new address from the browser.');
  }
}

/** The token for the new address; null for one that the browser hands over later. */
async function patFor(
  profile: Profile,
  address: TypedAddress,
  io: Io,
  typed: string,
): Promise<string | null> {
  const { source } = profile;
  if (source.from === 'browser') return null;
  if (isKept(source)) return await readTypedPat(io, typed);
  const read = await readWhenUsed(source, address.guess, io.env, io.now());
  if (read.ok) return read.secret.secret;
  if (read.absent) {
    tell(io, `Warning: ${read.message} It is read when it is used.`);
    return null;
  }
  if (read.said) tell(io, `It says: ${read.said}`);
  throw new Problem(`${read.message} Nothing was changed.`, read.hint, EXIT.credential);
}
