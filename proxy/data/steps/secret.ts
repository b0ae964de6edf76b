import { type Refusal, refuse } from '../../errors.ts';
import { newTokenHint } from '../../profiles/new-token.ts';
import type { Profile } from '../../profiles/profile.ts';
import type { SecretResult } from '../../secrets/secret.ts';
import type { Exchange, Step } from '../exchange.ts';

/** Visible ASCII: anything else cannot stand in a header, and a newline in one would throw at every request. */
const SENDABLE = /^[\x21-\x7e]{8,4096}$/;

function put(exchange: Exchange, profile: Profile, result: SecretResult): Refusal | null {
  if (!result.ok) {
    return refuse('secret.unavailable', result.message, { hint: result.hint, rule: 'the secret' });
  }
  const { secret, origin } = result.secret;
  if (origin !== profile.url) {
    return refuse(
      'secret.unavailable',
      `The token of profile "${profile.name}" was stored for another server and is not sent to this one.`,
      {
        hint: newTokenHint(profile),
        rule: 'origin',
      },
    );
  }
  if (!SENDABLE.test(secret)) {
    return refuse(
      'secret.unavailable',
      `What is stored for profile "${profile.name}" is not a token.`,
      { hint: newTokenHint(profile), rule: 'form' },
    );
  }
  exchange.secret = secret;
  // Last of all, so that nothing of the caller's can come after it.
  exchange.headers.authorization = secret;
  return null;
}

/** The PAT, read when it is used and bound to the server that it was stored for. */
export const secret: Step = {
  name: 'secret',
  check(exchange, { data }) {
    const { profile, route } = exchange;
    if (route !== 'admin' || profile === null) return null;
    const result = data.secretOf(profile);
    return result instanceof Promise
      ? result.then((late) => put(exchange, profile, late))
      : put(exchange, profile, result);
  },
  passedBy: ({ route }) => (route === 'admin' ? "the profile's token" : 'none needed'),
};
