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
  'proxy.unpair': { tier: 'internal'; request: Nothing; answer: { ok: true } };
};
