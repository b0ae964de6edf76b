import { isNever } from '../../shared/token/expiry.ts';
import type { Pat } from '../../shared/unleash/pats.ts';
import { newTokenHint } from '../profiles/new-token.ts';
import type { Profile } from '../profiles/profile.ts';
import { type Check, type DoctorContext, type Finding, failed, ok, warning } from './check.ts';
import type { Visit } from './visit.ts';

/** An end that is nearer than this is said to be near. */
const SOON_MS = 7 * 86_400_000;

/** Whose each profile's token is, and until when it is good. */
export const token: Check = {
  name: 'token',
  doing: null,
  async run(context) {
    return await Promise.all(
      (context.config?.profiles ?? []).map((profile) => tokenFinding(profile, context)),
    );
  },
};

async function tokenFinding(profile: Profile, context: DoctorContext): Promise<Finding> {
  const visited = await context.visit(profile).catch(() => null);
  if (visited === null)
    return warning(`${named(profile)} was not tried.`, 'See what the check "server" says.');
  const said = context.status?.profiles.find(({ name }) => name === profile.name);
  const now = context.io.now();
  const { token: found } = visited;
  switch (found.is) {
    case 'missing':
      return found.broken
        ? failed(`${named(profile)}: ${found.message}`, found.remedy)
        : warning(`${named(profile)}: ${found.message}`, found.remedy);
    case 'used':
      return usedFinding(profile, found, said?.expiresAt ?? null, now);
    case 'read':
      return readFinding(profile, visited, untilOf(found.expiresAt, found.pats), now);
  }
}

const named = ({ name }: Profile): string => `The token of profile "${name}"`;

function usedFinding(
  profile: Profile,
  { status, owner }: { status: number; owner: string | null },
  expiresAt: string | null,
  now: number,
): Finding {
  if (status === 401) return refused(profile);
  if (status === 503) return failed(`${named(profile)} is not there.`, newTokenHint(profile));
  if (status !== 200)
    return warning(
      `${named(profile)} could not be tried: the proxy answered with status ${status}.`,
      'See what the check "server" says.',
    );
  return dated(profile, owner, expiresAt, now);
}

function readFinding(
  profile: Profile,
  { tried: { outcome } }: Visit,
  expiresAt: string | null,
  now: number,
): Finding {
  if (outcome.is === 'refused') return refused(profile);
  if (outcome.is === 'unknown')
    return warning(
      `${named(profile)} could not be tried: the server did not answer.`,
      'See what the check "server" says.',
    );
  return dated(profile, outcome.owner, expiresAt, now);
}

const refused = (profile: Profile): Finding =>
  failed(
    `${profile.url} does not take the token of profile "${profile.name}": it expired or was revoked.`,
    newTokenHint(profile),
  );

/** Which of the user's PATs this one is, is known by its id alone; with one PAT there is no doubt. */
function untilOf(known: string | null, pats: Pat[] | null): string | null {
  return known ?? (pats?.length === 1 ? (pats[0]?.expiresAt ?? null) : null);
}

function dated(
  profile: Profile,
  owner: string | null,
  expiresAt: string | null,
  now: number,
): Finding {
  const whose = `${named(profile)} is ${owner ?? 'an unnamed user'}'s`;
  if (expiresAt === null) return ok(`${whose}; until when it is good, the server does not say.`);
  if (isNever(expiresAt, new Date(now))) return ok(`${whose} and never expires.`);
  const left = Date.parse(expiresAt) - now;
  const sentence = `${whose} and good until ${expiresAt}.`;
  return left < SOON_MS ? warning(sentence, newTokenHint(profile)) : ok(sentence);
}
