import type { ProxyMessages } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { BackgroundParts } from './background-parts.ts';
import type { Handlers } from './message-router.ts';
import { newPatForProxy } from './new-pat.ts';
import { notSent, pairProxy, proxyView } from './proxy-exchange.ts';

/** What the Proxy tab shows and does. */
export function proxyHandlers(parts: BackgroundParts): Pick<Handlers, keyof ProxyMessages> {
  const { proxy } = parts;
  return {
    'proxy.view': () => proxyView(proxy),
    'proxy.pair': ({ code }) => pairProxy(proxy, code),
    async 'proxy.unpair'() {
      await proxy.unpair();
      return { ok: true };
    },
    'proxy.newPat': ({ instanceId, createProfile }) =>
      newPatForProxy(parts, instanceId, createProfile),
    async 'proxy.useProfile'({ name }) {
      const result = await proxy.useProfile(name);
      if (result.state !== 'answered') return notSent(result);
      if (result.answer.result === 'used') return { ok: true, view: await proxyView(proxy) };
      return {
        ok: false,
        code: 'profile.not-used',
        title: say('profile_not_changed'),
        message: result.answer.message,
      };
    },
  };
}
