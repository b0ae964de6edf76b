import type { Pat } from '../../shared/unleash/pats.ts';
import type { Failure, Instance } from '../platform/messages.ts';
import { createQueue } from '../platform/serial.ts';
import type { Store } from '../platform/store.ts';
import { sha256 } from './clipboard/sha256.ts';
import { noPat, patNotKnown } from './failure.ts';
import type { JustCreated } from './just-created.ts';
import type { UnleashLink } from './unleash-link.ts';

/** How long a person may think before the dialog that shows a PAT once, in ms; the two clocks may differ within it. */
const LATELY_MS = 10 * 60_000;

/** The secrets that came on screen, by their hashes, with the id that each was found to have. */
const KEY = 'shown-pats';

/** So many are remembered; nobody has more such dialogs open. */
const MOST = 20;

export type ShownPatsParts = {
  session: Store;
  unleash: Pick<UnleashLink, 'pats'>;
  created: Pick<JustCreated, 'patIds'>;
  now(): number;
};

export type ShownPats = {
  /** To be called when the secret of a PAT comes on screen: its entry in Unleash's list is the newest one then. */
  came(instance: Instance, secret: string): Promise<void>;
  /**
   * The entry of Unleash's list that a secret on screen must be. Where it was not known when it came, it is the only one
   * made lately that is not another which stands under "Just created"; where several may be it, it is none of them.
   */
  find(
    instance: Instance,
    secret: string,
  ): Promise<{ ok: true; pat: Pat; owner: string } | Failure>;
};

/** Which PAT of Unleash's list a secret is that the admin UI shows. Nothing in a secret says so. */
export function createShownPats({ session, unleash, created, now }: ShownPatsParts): ShownPats {
  const inTurn = createQueue();

  const remembered = async () =>
    ((await session.read(KEY)) as [hash: string, id: number][] | undefined) ?? [];

  /** Made lately, and not known to be another; the newest first, since Unleash counts upwards. */
  async function candidates(instance: Instance, secret: string) {
    const list = await unleash.pats(instance);
    if (!list.ok) return list;
    // After the list was read: what the popup makes meanwhile is then known here, or one too many there.
    const others = await created.patIds(instance.id, secret);
    const late = list.pats.filter(({ id, createdAt }) => {
      const madeAt = createdAt === null ? Number.NaN : Date.parse(createdAt);
      return !others.includes(id) && Math.abs(now() - madeAt) <= LATELY_MS;
    });
    return { ...list, late: late.toSorted((one, other) => other.id - one.id) };
  }

  return {
    came: (instance, secret) =>
      inTurn(async () => {
        const hash = await sha256(secret);
        const before = await remembered();
        if (before.some(([known]) => known === hash)) return;
        const found = await candidates(instance, secret);
        const newest = found.ok ? found.late[0] : undefined;
        if (newest === undefined) return;
        await session.write(KEY, [[hash, newest.id], ...before].slice(0, MOST));
      }),

    find: (instance, secret) =>
      inTurn(async () => {
        const hash = await sha256(secret);
        const found = await candidates(instance, secret);
        if (!found.ok) return found;
        if (found.pats.length === 0) return noPat(instance.name);
        const id = (await remembered()).find(([known]) => known === hash)?.[1];
        const seen = found.pats.find((pat) => pat.id === id);
        const [only, second] = found.late;
        const pat = seen ?? (second === undefined ? only : undefined);
        return pat === undefined ? patNotKnown() : { ok: true, pat, owner: found.owner };
      }),
  };
}
