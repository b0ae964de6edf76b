import type { Profile } from '../profiles/profile.ts';
import { type Check, type DoctorContext, type Finding, failed, failedBy, ok } from './check.ts';

/** Each profile's server answers, over a connection that is trusted, and is Unleash. */
export const server: Check = {
  name: 'server',
  doing: ({ config }) => (config?.profiles.length ? 'Asking the servers' : null),
  async run(context) {
    return await Promise.all(
      (context.config?.profiles ?? []).map((profile) => serverFinding(profile, context)),
    );
  },
};

async function serverFinding(profile: Profile, context: DoctorContext): Promise<Finding> {
  try {
    const { outcome } = (await context.visit(profile)).tried;
    // A token that is refused is refused by an Unleash that answers.
    if (outcome.is !== 'unknown') return ok(`${profile.url} answers, and is Unleash.`);
    const { message, code } = outcome.error;
    return failed(
      `Profile "${profile.name}": ${message}`,
      code === 'server.tls' && profile.ca === null
        ? `If its CA is your own, type: tokenleash profile set ${profile.name} --ca FILE`
        : `Check that the server runs, and its address. Type: tokenleash profile show ${profile.name}`,
    );
  } catch (error) {
    return failedBy(error);
  }
}
