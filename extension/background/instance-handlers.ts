import { candidateBaseUrls } from '../../shared/unleash/base-url.ts';
import { draftKeyOf, stateKeyOf } from '../platform/first-view.ts';
import type { Failure } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { BackgroundParts } from './background-parts.ts';
import { nameRefusal } from './instance-name.ts';
import { instanceOf } from './instances.ts';
import type { Handlers } from './message-router.ts';
import { orNoRoom } from './no-room.ts';

type InstanceMessage =
  | 'instances.list'
  | 'instances.add'
  | 'instances.remove'
  | 'instances.restore'
  | 'instances.rename'
  | 'instances.use';

const notRestored = (): Failure => ({
  ok: false,
  code: 'url.form',
  title: say('not_an_address'),
  message: say('not_an_address_next'),
});

/** The list of instances: what is on it, in which order, under which names. */
export function instanceHandlers(parts: BackgroundParts): Pick<Handlers, InstanceMessage> {
  const { session, instances, leavingHosts, unleash } = parts;
  return {
    'instances.list': () => instances.list(),
    async 'instances.add'({ url, allowHttp = false }) {
      const found = await unleash.recognise(url, allowHttp);
      if (!found.ok) return found;
      const instance = await orNoRoom(() => instances.add(found.baseUrl));
      if ('ok' in instance) return instance;
      const { loggedIn, version } = found;
      return { ok: true, instance, loggedIn, loginUrl: `${instance.id}/login`, version };
    },
    async 'instances.remove'({ id }) {
      const instance = await instances.find(id);
      if (instance !== null) {
        // Its host first: one that was written down and stays needed is not given back.
        const removed = await orNoRoom(async () => {
          await leavingHosts.leave(instance.origin);
          await instances.remove(id);
        });
        if (removed) return removed;
      }
      await session.remove(draftKeyOf(id));
      await session.remove(stateKeyOf(id));
      await parts.revocations.setAside(id);
      await parts.tokenList.forgetAll(id);
      return { ok: true };
    },
    async 'instances.restore'({ id, name, at, current }) {
      const refusal = nameRefusal(name);
      if (refusal) return refusal;
      const address = candidateBaseUrls(id);
      if (!address.ok || address.value.candidates[0] !== id) return notRestored();
      return orNoRoom(async () => {
        await instances.restore({ ...instanceOf(id), name }, at, current);
        await parts.revocations.bringBack(id);
        return { ok: true };
      });
    },
    async 'instances.rename'({ id, name }) {
      const wanted = name.trim();
      const refusal = nameRefusal(wanted);
      if (refusal) return refusal;
      const instance = await instances.find(id);
      if (instance === null) return notRestored();
      const kept = wanted === '' ? instanceOf(id).name : wanted;
      return orNoRoom(async () => {
        await instances.rename(id, kept);
        return { ok: true, name: kept };
      });
    },
    async 'instances.use'({ id }) {
      return orNoRoom(async () => {
        await instances.use(id);
        return { ok: true };
      });
    },
  };
}
