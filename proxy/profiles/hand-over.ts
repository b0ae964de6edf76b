import type { HandOverAnswer, HandOverRequest } from '../../shared/link/messages.ts';
import { candidateBaseUrls } from '../../shared/unleash/base-url.ts';
import { AGAIN, AGAIN_ELSEWHERE, Problem } from '../problem.ts';
import { type StoreKey, storeNameOf } from '../secrets/open-stores.ts';
import { readPatText } from '../secrets/pat-text.ts';
import type { StoredSecret } from '../secrets/secret.ts';
import { isKept } from '../secrets/secret-keeper.ts';
import { isName, NAME_RULE } from './name.ts';
import type { Profile } from './profile.ts';

export type HandOverContext = {
  profiles(): readonly Profile[];
  currentProfile(): Profile | undefined;
  /** Where the PAT of a profile that is made here is kept; null is memory. */
  storeForNew(): Promise<StoreKey | null>;
  /** Both or neither. Throws a Problem, for a name that was taken meanwhile too. */
  addWithToken(profile: Profile, secret: StoredSecret): Promise<void>;
  store(profile: Profile, secret: StoredSecret): Promise<void>;
};

/**
 * Takes a PAT from a paired browser: for the current profile where that has this base URL, else for the first one
 * that does, else for a new one where the browser names it. Every failure is an answer: the PAT stays in the browser.
 */
export async function takeHandOver(
  handOver: HandOverRequest,
  context: HandOverContext,
): Promise<HandOverAnswer> {
  const { createProfile, ...given } = handOver;
  const origin = given.origin.replace(/\/+$/, '');
  const read = readPatText(given.secret);
  if (!read.ok) return { result: 'store-failed', message: read.message };
  const secret: StoredSecret = { ...given, secret: read.pat, origin };
  try {
    const known = profileFor(origin, context);
    if (known) {
      await context.store(known, secret);
      return { result: 'stored', profile: known.name };
    }
    if (createProfile === undefined) return { result: 'no-profile', origin };
    const made = newProfile(createProfile, origin, context, await context.storeForNew());
    if (typeof made === 'string') return { result: 'store-failed', message: made };
    await context.addWithToken(made, secret);
    return { result: 'stored', profile: made.name };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { result: 'store-failed', message: `${error.message} ${whatNext(error)}` };
  }
}

function profileFor(origin: string, context: HandOverContext): Profile | undefined {
  const current = context.currentProfile();
  if (current?.url === origin) return current;
  const matching = context.profiles().filter((profile) => profile.url === origin);
  return matching.find((profile) => isKept(profile.source)) ?? matching[0];
}

function newProfile(
  name: string,
  origin: string,
  context: HandOverContext,
  key: StoreKey | null,
): Profile | string {
  if (!isName(name)) return `This cannot be a profile's name: ${NAME_RULE}.`;
  if (context.profiles().some((profile) => profile.name === name))
    return `There is a profile "${name}" already, for another server.`;
  const address = candidateBaseUrls(origin);
  if (!address.ok || address.value.candidates[0] !== origin)
    return 'The address of this server is not a base URL.';
  if (address.value.clearText)
    return `${origin} is plain http: the token would travel in clear. Type: tokenleash profile add ${name} --url ${origin} --allow-http --token-from browser`;
  return {
    name,
    url: origin,
    access: 'write',
    source: { from: 'browser', store: storeNameOf(key) },
    ca: null,
    clientCertificate: null,
    compression: 'identity',
    rules: [],
    allowHttp: false,
    unattended: key === 'unattended',
  };
}

/** The browser sends once more what a person would type once more. */
function whatNext({ next }: Problem): string {
  return next === AGAIN || next === AGAIN_ELSEWHERE ? 'Then send it again.' : `Type: ${next}`;
}
