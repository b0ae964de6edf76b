import { Problem, quoteForShell } from '../problem.ts';
import type { Profile, SecretSource } from '../profiles/profile.ts';
import { KeychainProblem } from './keyring.ts';
import { createMemoryStore } from './memory.ts';
import { type OpenStores, storeKeyOf } from './open-stores.ts';
import { createProgramCache } from './program-cache.ts';
import { isProgram, type ProgramSource, readWhenUsed } from './read-when-used.ts';
import type { SecretResult, StoredSecret } from './secret.ts';
import { getPat, putPat } from './stored-pat.ts';

export type { OpenStores } from './open-stores.ts';

/** Gives the data port each profile's PAT from its one source, and takes new ones. */
export type SecretKeeper = {
  secretOf(profile: Profile): SecretResult | Promise<SecretResult>;
  /**
   * What can be said of a profile's PAT without running a foreign program: null where there is none. A program that
   * was not asked yet may well have one.
   */
  noteOf(profile: Profile): Promise<SecretNote | null>;
  /** The server did not take this profile's PAT: a program that gave it is asked again. */
  refused(profile: Profile): void;
  /** Whether `store` has a place for a PAT of this profile now. */
  takes(profile: Profile): boolean;
  /** Stores a PAT that was handed over where its profile says. Throws a Problem where that is not possible. */
  store(profile: Profile, secret: StoredSecret): Promise<void>;
  /** A PAT from another command, which has stored it itself where it is to be stored. */
  accept(profile: string, secret: StoredSecret): void;
  /** Reads what the stores hold for these profiles, and forgets the others'. */
  reload(profiles: readonly Profile[]): Promise<void>;
};

export type SecretNote = Pick<StoredSecret, 'owner' | 'expiresAt'>;

/** Whether a profile's PAT lies in a store of ours. */
export function isKept(source: SecretSource): source is Extract<SecretSource, { store: unknown }> {
  return source.from === 'stored' || source.from === 'browser';
}

export function createSecretKeeper(options: {
  stores: OpenStores;
  env: NodeJS.ProcessEnv;
  now(): number;
  /** Whether a token that is read when used may go to this profile's URL; each may where it is left out. */
  isConfirmed?(profile: Profile): boolean;
}): SecretKeeper {
  const { stores, env } = options;
  const programs = createProgramCache(options.now);
  // Opened PATs too: the way of a request must not lead through scrypt or a file.
  const memory = createMemoryStore();
  /** Entries that did not open, with the sentence that says why. */
  const broken = new Map<string, Problem>();
  /** When a locked keychain was asked last, and by which read that is under way. */
  const asked = new Map<string, { at: number; reading: Promise<void> }>();

  const readStored = async (profile: Profile): Promise<void> => {
    const key = storeKeyOf(profile);
    const store = key === null ? undefined : stores[key];
    if (!store) return;
    try {
      broken.delete(profile.name);
      const secret = await getPat(store, profile.name, profile.url);
      if (secret) memory.put(profile.name, secret);
      else memory.remove(profile.name);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      memory.remove(profile.name);
      broken.set(profile.name, error);
    }
  };

  /** A keychain is unlocked behind our back: what could not be read is tried again, now and then. */
  const readAgain = (profile: Profile): Promise<void> => {
    const last = asked.get(profile.name);
    if (last && options.now() - last.at < KEYCHAIN_AGAIN_MS) return last.reading;
    const reading = readStored(profile);
    asked.set(profile.name, { at: options.now(), reading });
    return reading;
  };

  const keptSecret = (profile: Profile): SecretResult => {
    const secret = memory.get(profile.name, profile.url);
    if (secret) return { ok: true, secret };
    const problem = broken.get(profile.name);
    if (problem instanceof KeychainProblem)
      return { ok: false, message: problem.message, hint: UNLOCK_HINT };
    if (problem) return typedHint({ ok: false, message: problem.message, hint: problem.next });
    return missing(profile, stores);
  };

  const runProgram = async (source: ProgramSource, url: string) =>
    typedHint(await readWhenUsed(source, url, env, options.now()));

  return {
    secretOf(profile) {
      const { source, name, url } = profile;
      if (options.isConfirmed?.(profile) === false) return unconfirmed(profile);
      if (isProgram(source))
        return programs.get(programKey(source, url), () => runProgram(source, url));
      if (!isKept(source)) return readWhenUsed(source, url, env, options.now()).then(typedHint);
      return broken.get(name) instanceof KeychainProblem
        ? readAgain(profile).then(() => keptSecret(profile))
        : keptSecret(profile);
    },
    async noteOf(profile) {
      const { source, url } = profile;
      if (options.isConfirmed?.(profile) === false) return null;
      const known = isProgram(source)
        ? programs.last(programKey(source, url))
        : await this.secretOf(profile);
      if (known === undefined) return { owner: null, expiresAt: null };
      return known.ok ? known.secret : null;
    },
    refused({ source, url }) {
      if (isProgram(source)) programs.refused(programKey(source, url));
    },
    takes(profile) {
      if (!isKept(profile.source)) return false;
      const key = storeKeyOf(profile);
      return key === null || stores[key] !== undefined;
    },
    async store(profile, secret) {
      if (!isKept(profile.source))
        throw new Problem(
          `Profile "${profile.name}" takes its token from elsewhere (${profile.source.from}).`,
          'tokenleash profile list',
        );
      const key = storeKeyOf(profile);
      if (key !== null) {
        const store = stores[key];
        if (!store)
          throw new Problem(
            'The sealed file is not open in this proxy. Start it again and give the passphrase.',
            'tokenleash start',
          );
        await putPat(store, profile.name, secret, new Date(options.now()).toISOString());
        broken.delete(profile.name);
      }
      memory.put(profile.name, secret);
    },
    accept: (profile, secret) => memory.put(profile, secret),
    async reload(profiles) {
      memory.retain(new Set(profiles.map(({ name }) => name)));
      const used = profiles.flatMap(({ source, url }) =>
        isProgram(source) ? [programKey(source, url)] : [],
      );
      programs.retain(new Set(used));
      asked.clear();
      for (const profile of profiles) if (storeKeyOf(profile) !== null) await readStored(profile);
    },
  };
}

/** A locked keychain may ask a person each time: it is not asked at every request. */
const KEYCHAIN_AGAIN_MS = 10_000;

const UNLOCK_HINT = 'Unlock the keychain of this machine; the proxy then finds the token by itself';

/** Profiles with the same program and server share what it gave. */
const programKey = (source: ProgramSource, url: string): string => JSON.stringify([source, url]);

/** Where a command prints "Type: …" by itself, an answer has to say that this is one to type. */
function typedHint(result: SecretResult): SecretResult {
  return result.ok ? result : { ...result, hint: `Type: ${result.hint}`, forOwner: true };
}

function unconfirmed({ name, url }: Profile): SecretResult {
  return {
    ok: false,
    message: `The token of profile "${name}" was not confirmed for ${url}, which is new in config.yaml.`,
    hint: `If it is right, type: tokenleash profile set ${quoteForShell(name)} --url ${quoteForShell(url)}`,
  };
}

function missing(profile: Profile, stores: OpenStores): SecretResult {
  const { name, source } = profile;
  if (source.from === 'browser')
    return {
      ok: false,
      message: `Profile "${name}" has no token yet: it waits for one from the browser.`,
      hint: 'In the extension choose "New PAT for the proxy"; to pair it first, type: tokenleash pair',
    };
  const again = `tokenleash profile login ${quoteForShell(name)}`;
  if ('store' in source && source.store === 'memory')
    return {
      ok: false,
      message: `The token of profile "${name}" was kept in memory only and went with the last proxy.`,
      hint: `Give it again: ${again}`,
    };
  const key = storeKeyOf(profile);
  if (key !== null && !stores[key])
    return {
      ok: false,
      message: `The sealed token of profile "${name}" was not opened when the proxy started.`,
      hint: 'Start it again and give the passphrase: tokenleash start',
    };
  return {
    ok: false,
    message: `The ${key === 'keychain' ? 'keychain' : 'sealed file'} holds no token of profile "${name}" for ${profile.url}.`,
    hint: `Give it again: ${again}`,
  };
}
