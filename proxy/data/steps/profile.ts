import { refuse } from '../../errors.ts';
import { shownName } from '../../profiles/name.ts';
import { type Step, valuesOf } from '../exchange.ts';

/** Which upstream: the one of the phantom token, else the one that the request names, else the current one. */
export const profile: Step = {
  name: 'profile',
  check(exchange, { data }) {
    const wanted = exchange.client?.profile ?? valuesOf(exchange.lines, 'x-tokenleash-profile')[0];
    const found = wanted === undefined ? data.currentProfile() : data.profileByName(wanted);
    if (found !== undefined) {
      exchange.profile = found;
      return null;
    }
    return wanted === undefined
      ? refuse('secret.unavailable', 'There is no profile yet.', {
          hint: 'Make one: tokenleash profile add NAME --url URL',
          rule: 'the current profile',
        })
      : refuse('secret.unavailable', `There is no profile "${shownName(wanted)}".`, {
          hint: 'See them all: tokenleash profile list',
          rule: 'the profile that was named',
        });
  },
  passedBy: (exchange) => `profile ${exchange.profile?.name ?? 'none'}`,
};
