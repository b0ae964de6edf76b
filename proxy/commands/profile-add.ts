import { resolve } from 'node:path';
import { candidateBaseUrls, type TypedAddress } from '../../shared/unleash/base-url.ts';
import type { UnleashError } from '../../shared/unleash/errors.ts';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import { addWithToken } from '../profiles/add-with-token.ts';
import { addProfile, requireFreeName } from '../profiles/change-profiles.ts';
import { readConfig, sourceWord } from '../profiles/config-file.ts';
import { confirmAddress } from '../profiles/confirmed-addresses.ts';
import { shownName } from '../profiles/name.ts';
import type { Access, Profile, SecretSource, StoreName } from '../profiles/profile.ts';
import { readTrustFiles, serverFetch } from '../profiles/server-fetch.ts';
import { tryServer } from '../profiles/try-server.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { ENV_WARNING } from '../secrets/env.ts';
import { storeKeyOf } from '../secrets/open-stores.ts';
import { readWhenUsed } from '../secrets/read-when-used.ts';
import type { StoredSecret } from '../secrets/secret.ts';
import { putPat } from '../secrets/stored-pat.ts';
import { requirePassphraseWay } from './ask-passphrase.ts';
import { chooseStore } from './choose-store.ts';
import { answer, type Command, type Io, tell } from './command.ts';
import { finishEarlierChanges } from './finish-changes.ts';
import { handToProxy, noMemory, requireMemory } from './hand-to-proxy.ts';
import { openStore } from './open-stores.ts';
import { parseAccess, parseStore } from './option-types.ts';
import { clientCertificateOf, SERVER_OPTIONS, type ServerOptions } from './server-options.ts';
import { parseUsedSource } from './source-words.ts';
import { readTypedPat } from './typed-pat.ts';

export type ProfileAddOptions = ServerOptions & {
  name: string;
  url: string;
  ca: string | undefined;
  access: Access;
  tokenFrom: string;
  /** Undefined: the keychain if it works, else the sealed file. */
  store: StoreName | undefined;
  unattended: boolean;
  allowHttp: boolean;
};

export const command: Command<ProfileAddOptions> = {
  arguments: [{ name: 'name', description: 'what to call it', required: true }],
  options: [
    { flags: '--url <url>', description: 'address of the Unleash server', required: true },
    { flags: '--ca <file>', description: 'certificate of a private CA, PEM', values: 'files' },
    ...SERVER_OPTIONS,
    {
      flags: '--access <access>',
      description: 'the most that any client may do: read, ask or write (default: write)',
      parse: parseAccess,
      values: ['read', 'write'],
      fallback: 'write',
    },
    {
      flags: '--token-from <source>',
      description:
        'stdin, browser, env:VAR, file:PATH, exec:"CMD", op://VAULT/ITEM/FIELD or systemd:NAME (default: stdin)',
      fallback: 'stdin',
    },
    {
      flags: '--store <store>',
      description:
        'where a token lives that was read once: keychain, sealed-file or memory (default: keychain if it works, else sealed-file)',
      parse: parseStore,
      values: ['keychain', 'sealed-file', 'memory'],
    },
    {
      flags: '--unattended',
      description: 'open the sealed file by a key file beside it, with no passphrase',
      fallback: false,
    },
    {
      flags: '--allow-http',
      description: 'send the token in clear to a server on another machine',
      fallback: false,
    },
  ],
  help: `The token is never given as an argument. Pipe it in, or paste it where it is asked for:
  tokenleash profile add prod --url https://unleash.example.com
It is tried once; one that the server refuses is not stored.`,
  run,
};

async function run(options: ProfileAddOptions, io: Io): Promise<number> {
  const { source } = await addTypedProfile(options, io);
  if (source.from === 'browser')
    tell(
      io,
      'It waits for a token from the browser. Type: tokenleash start, then: tokenleash pair',
    );
  return EXIT.ok;
}

/** Adds the profile that was asked for and says so. Throws a Problem where nothing was stored. */
export async function addTypedProfile(options: ProfileAddOptions, io: Io): Promise<Profile> {
  const { name } = options;
  const typed = `tokenleash profile add ${quoteForShell(shownName(name))}`;
  await finishEarlierChanges(io);
  const config = await readConfig(io.paths);
  requireFreeName(config, name);
  const address = requireAddress(options, typed);
  const source = await parseSource(options, io, typed);
  if (options.ca !== undefined && !address.guess.startsWith('https:'))
    throw new Problem(
      `--ca is for https, and ${address.guess} is plain http.`,
      `${typed} --url ${quoteForShell(address.guess)}`,
      EXIT.usage,
    );
  const ca = options.ca === undefined ? null : resolve(options.ca);
  const clientCertificate = clientCertificateOf(options, null, address.guess, io, typed);
  const trust = readTrustFiles({ ca, clientCertificate });
  if (source.from === 'env') tell(io, `Warning: ${ENV_WARNING}`);
  const kept = 'store' in source ? source.store : null;
  if (kept === null && options.unattended) tell(io, 'Note: --unattended does nothing here.');
  const unattended = options.unattended && kept === 'sealed-file';
  const again = typedAgain(options, address.guess);
  if (kept === 'sealed-file' && !unattended) requirePassphraseWay(io, again);
  if (kept === 'memory' && source.from === 'stored') await requireMemory(io);

  const pat = await patToTry(source, address.guess, io, again);
  const { baseUrl, outcome } = await tryServer(address, pat, {
    fetch: serverFetch(address.origin, trust, io.env),
    now: io.now(),
  });
  if (outcome.is === 'refused')
    throw new Problem(
      `${outcome.error.message} Nothing was stored.`,
      typedAgain(options, baseUrl),
      EXIT.credential,
    );
  if (outcome.is === 'unknown')
    tell(
      io,
      `Warning: ${outcome.error.message} ${pat === null ? 'The server' : 'The token'} was not tried.`,
    );

  const { access, allowHttp } = options;
  const profile: Profile = {
    name,
    url: baseUrl,
    access,
    source,
    ca,
    clientCertificate,
    compression: options.compression ?? 'identity',
    rules: [],
    allowHttp,
    unattended,
  };
  const owner = outcome.is === 'works' ? outcome.owner : null;
  if (source.from === 'stored' && pat !== null) {
    const secret = { secret: pat, id: null, expiresAt: null, owner, origin: profile.url };
    await addTried(profile, secret, io, again);
  } else {
    await confirmAddress(io.paths, profile);
    await addProfile(io.paths, profile);
  }
  await reloadRunning(io.paths);
  sayAdded(profile, owner, io);
  if (outcome.is === 'unknown') sayRemedy(outcome.error, profile, io);
  return profile;
}

/** The whole command once more, as it has to be typed where only what stands around it was wrong. */
function typedAgain(options: ProfileAddOptions, url: string): string {
  const flags: [flag: string, value: string | boolean | undefined][] = [
    ['--url', url],
    ['--ca', options.ca],
    ['--client-cert', options.clientCert],
    ['--client-key', options.clientKey],
    ['--compression', options.compression],
    ['--access', options.access === 'write' ? undefined : options.access],
    ['--token-from', options.tokenFrom === 'stdin' ? undefined : options.tokenFrom],
    ['--store', options.store],
    ['--unattended', options.unattended],
    ['--allow-http', options.allowHttp],
  ];
  const given = flags.flatMap(([flag, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [flag] : [`${flag} ${quoteForShell(value)}`];
  });
  return ['tokenleash profile add', quoteForShell(shownName(options.name)), ...given].join(' ');
}

/** What to type where the server was not met for a reason that a flag can better. */
function sayRemedy(error: UnleashError, { name, ca, clientCertificate }: Profile, io: Io): void {
  const set = `tokenleash profile set ${quoteForShell(name)}`;
  if (error.tls === 'unknown-ca' && ca === null)
    tell(io, `If its CA is your own: ${set} --ca FILE`);
  if (error.tls === 'wants-certificate' && clientCertificate === null)
    tell(io, `With a client certificate: ${set} --client-cert FILE --client-key FILE`);
}

async function addTried(
  profile: Profile,
  secret: StoredSecret,
  io: Io,
  typed: string,
): Promise<void> {
  const { name } = profile;
  const key = storeKeyOf(profile);
  if (key === null) {
    if (!(await handToProxy(name, secret, io))) throw noMemory();
    await addProfile(io.paths, profile);
    return;
  }
  const store = await openStore(io, key, typed);
  await addWithToken(io, profile, () =>
    putPat(store, name, secret, new Date(io.now()).toISOString()),
  );
  await handToProxy(name, secret, io);
}

function requireAddress(options: ProfileAddOptions, typed: string): TypedAddress {
  const address = candidateBaseUrls(options.url);
  if (!address.ok) {
    const { message, suggestion } = address.error;
    const url = suggestion ?? 'https://unleash.example.com';
    throw new Problem(message, `${typed} --url ${quoteForShell(url)}`, EXIT.usage);
  }
  if (address.value.clearText && !options.allowHttp)
    throw new Problem(
      `${address.value.guess} is plain http: the token would travel in clear. Nothing was stored.`,
      `${typed} --url ${quoteForShell(address.value.guess.replace(/^http:/, 'https:'))}   (or --allow-http)`,
      EXIT.usage,
    );
  return address.value;
}

async function parseSource(
  { tokenFrom, store, unattended }: ProfileAddOptions,
  io: Io,
  typed: string,
): Promise<SecretSource> {
  const kept = tokenFrom === 'stdin' ? 'stored' : tokenFrom === 'browser' ? 'browser' : null;
  if (kept !== null)
    return {
      from: kept,
      store: await chooseStore(unattended ? (store ?? 'sealed-file') : store, io),
    };
  return parseUsedSource(tokenFrom, '--token-from', `${typed} --help`);
}

/** The PAT as far as it is there now; null for one that comes later. */
async function patToTry(
  source: SecretSource,
  origin: string,
  io: Io,
  typed: string,
): Promise<string | null> {
  if (source.from === 'browser') return null;
  if (source.from === 'stored') return await readTypedPat(io, typed);
  const read = await readWhenUsed(source, origin, io.env, io.now());
  if (read.ok) return read.secret.secret;
  if (read.absent) {
    tell(io, `Warning: ${read.message} It is read when it is used.`);
    return null;
  }
  if (read.said) tell(io, `It says: ${read.said}`);
  throw new Problem(`${read.message} Nothing was stored.`, read.hint, EXIT.credential);
}

function sayAdded(profile: Profile, owner: string | null, io: Io): void {
  const { name, url, access, source } = profile;
  const whose = owner === null ? '' : `, token of ${owner}`;
  answer(io, `Profile "${name}": ${url}, ${access}, token from ${sourceWord(source)}${whose}.`);
}
