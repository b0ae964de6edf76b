import type { CreatedToken } from './created.ts';
import type { Failure, Nothing } from './vocabulary.ts';

export type ProxyView =
  | { state: 'unpaired' }
  | {
      state: 'connected';
      control: string;
      url: string;
      version: string;
      profile: string | null;
      profiles: {
        name: string;
        url: string;
        access: string;
        state: string;
        owner: string | null;
        expiresAt: string | null;
        /** Whether a token from here has a place there now. */
        takesTokens: boolean;
      }[];
    }
  | { state: 'unreachable'; control: string; message: string }
  /** Somebody else answers on the port, or the proxy has forgotten us. */
  | { state: 'refused'; control: string; message: string };

/** The paired proxy. */
export type ProxyMessages = {
  'proxy.view': { tier: 'internal'; request: Nothing; answer: ProxyView };
  'proxy.pair': {
    tier: 'internal';
    request: { code: string };
    answer: { ok: true; view: ProxyView } | Failure;
  };
  /**
   * Makes a PAT on the instance and gives it to the proxy, with no look at it and no copy. Nothing is made where no
   * profile fits, unless `createProfile` names one to make.
   */
  'proxy.newPat': {
    tier: 'internal';
    request: { instanceId: string; createProfile?: string };
    answer: /** `replaced`: the profile had a token before, which Unleash goes on to take. */
      | { ok: true; profile: string; created: CreatedToken; replaced: boolean }
      | { ok: false; code: 'no-profile'; title: string; message: string; suggestedProfile: string }
      /** It was made, and stands under "Just created". */
      | { ok: false; code: 'pat.not-taken'; title: string; message: string; created: CreatedToken }
      | Failure;
  };
  /** Makes another profile of the proxy the current one, for everything that uses it. */
  'proxy.useProfile': {
    tier: 'internal';
    request: { name: string };
    answer: { ok: true; view: ProxyView } | Failure;
  };
  'proxy.unpair': { tier: 'internal'; request: Nothing; answer: { ok: true } };
};
