import { candidateBaseUrls, hostOf } from '../../shared/unleash/base-url.ts';
import { unleashError } from '../../shared/unleash/errors.ts';
import { freeDescription } from '../../shared/unleash/pats.ts';
import type { Answer, Failure, Instance, ProxyView } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { BackgroundParts } from './background-parts.ts';
import { failureOf, noAccess } from './failure.ts';
import type { KeptToken } from './just-created.ts';
import { handOverPat, noProfile, notSent, proxyView } from './proxy-exchange.ts';
import { keptToken } from './token-handlers.ts';

type NewPatAnswer = Answer<'proxy.newPat'>;
type Connected = Extract<ProxyView, { state: 'connected' }>;
type ProxyProfile = Connected['profiles'][number];
type Parts = Pick<
  BackgroundParts,
  'instances' | 'unleash' | 'created' | 'proxy' | 'browserName' | 'now' | 'randomId'
>;

/** As long as the form offers for a personal token. */
const LIFETIME_MS = 30 * 86_400_000;

/** How often another description is tried: somebody may take the same one at the same moment. */
const TRIES = 3;

/**
 * Makes a PAT on this instance and gives it to the proxy; nobody sees it, and the clipboard stays as it is. Before
 * anything is made it is known that the proxy answers, that a profile has a place for it (or that the user said to make
 * `createProfile`), and that Unleash has one left. What goes wrong later leaves the PAT under "Just created".
 */
export async function newPatForProxy(
  parts: Parts,
  instanceId: string,
  createProfile: string | undefined,
): Promise<NewPatAnswer> {
  const { instances, proxy, created } = parts;
  const instance = await instances.find(instanceId);
  if (instance === null) return noAccess(instanceId);
  if (!(await instances.mayReach(instance))) return noAccess(instance.name);
  const view = await proxyView(proxy);
  if (view.state !== 'connected') return notSent(view);
  const profile = profileFor(view, instance.id);
  const hindrance = profile ? noPlace(profile) : mayMakeProfile(view, instance, createProfile);
  if (hindrance !== null) return hindrance;

  const made = await makePat(parts, instance);
  if (!made.ok) return made;
  const { kept } = made;
  await created.add(kept);
  const handOver = {
    secret: kept.secret,
    ...kept.pat,
    owner: kept.token.owner ?? '',
    origin: instance.id,
    ...(createProfile === undefined ? {} : { createProfile }),
  };
  const answer = await handOverPat(proxy, handOver).catch(brokenOff);
  if (answer.ok) {
    await created.sent(kept.token.id, answer.profile);
    const token = { ...kept.token, sentTo: answer.profile };
    return { ...answer, created: token, replaced: hasToken(profile) };
  }
  const { title, message } = answer;
  return { ok: false, code: 'pat.not-taken', title, message, created: kept.token };
}

/** By now there is a PAT: no error may hide that. */
const brokenOff = (): Failure => ({
  ok: false,
  code: 'proxy.broken-off',
  title: say('pat_lost_on_way'),
  message: say('pat_link_broken'),
});

/** The one that the proxy will choose, by the same rule (proxy/profiles/hand-over.ts). */
function profileFor({ profile, profiles }: Connected, baseUrl: string): ProxyProfile | null {
  const matching = profiles.filter(({ url }) => url === baseUrl);
  const current = matching.find(({ name }) => name === profile);
  return current ?? matching.find(({ takesTokens }) => takesTokens) ?? matching[0] ?? null;
}

const hasToken = (profile: ProxyProfile | null): boolean =>
  profile !== null && profile.state !== 'waiting-for-secret';

function noPlace({ name, takesTokens }: ProxyProfile): Failure | null {
  if (takesTokens) return null;
  return {
    ok: false,
    code: 'proxy.no-place',
    title: say('pat_no_place', name),
    message: say('pat_no_place_next', name),
  };
}

/** Without the user's word no profile is made; and where the proxy would refuse to make it, no PAT. */
function mayMakeProfile(
  { profiles }: Connected,
  { id, name }: Instance,
  createProfile: string | undefined,
): Exclude<NewPatAnswer, { ok: true }> | null {
  const suggestion = noProfile(
    id,
    profiles.map((profile) => profile.name),
  );
  const address = candidateBaseUrls(id);
  if (address.ok && address.value.clearText)
    return {
      ok: false,
      code: 'proxy.clear-text',
      title: say('pat_clear_text', name),
      message: say(
        'pat_clear_text_next',
        `tokenleash profile add ${suggestion.suggestedProfile} --url ${id} --allow-http --token-from browser`,
      ),
    };
  return createProfile === undefined ? suggestion : null;
}

type MadePat = {
  ok: true;
  kept: KeptToken & { secret: string; pat: NonNullable<KeptToken['pat']> };
};

async function makePat(parts: Parts, instance: Instance): Promise<MadePat | Failure> {
  const state = await parts.unleash.load(instance);
  if (state.state !== 'ready') return cannotAsk(state, instance);
  if (!state.abilities.kinds.includes('personal')) return refusal('pat.disabled', instance);
  if (state.pats.used >= state.pats.limit) return refusal('pat.limit', instance, state.pats.limit);
  const wanted = say('pat_description', parts.browserName, localDate(parts.now()));
  let name = freeDescription(wanted, state.pats.descriptions);
  for (let tries = 1; ; tries += 1) {
    const token = {
      kind: 'personal' as const,
      name,
      projects: [],
      environment: '',
      expiresAt: new Date(parts.now() + LIFETIME_MS).toISOString(),
    };
    const answer = await parts.unleash.create(instance, token);
    if (answer.ok) {
      const { secret, pat } = answer.made;
      if (pat === null) throw new Error('a personal token is a PAT');
      return { ok: true, kept: { ...keptToken(parts, instance, token, answer.made), secret, pat } };
    }
    const isTaken = answer.code === 'pat.description-exists' && answer.suggestion !== undefined;
    if (!isTaken || tries === TRIES) return answer;
    name = answer.suggestion ?? name;
  }
}

function cannotAsk(
  state: Exclude<Awaited<ReturnType<Parts['unleash']['load']>>, { state: 'ready' }>,
  instance: Instance,
): Failure {
  if (state.state === 'no-access') return noAccess(instance.name);
  if (state.state === 'not-logged-in')
    return { ...refusal('auth.not-logged-in', instance), loginUrl: state.loginUrl };
  const title =
    state.state === 'unreachable'
      ? say('did_not_answer', instance.name)
      : say('is_no_unleash', instance.name);
  return { ok: false, code: `instance.${state.state}`, title, message: state.message };
}

function refusal(
  code: Parameters<typeof unleashError>[0],
  { id }: Instance,
  limit?: number,
): Failure {
  const facts = { host: hostOf(id), baseUrl: id, ...(limit === undefined ? {} : { limit }) };
  return failureOf(unleashError(code, facts));
}

/** `YYYY-MM-DD` here. */
function localDate(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
