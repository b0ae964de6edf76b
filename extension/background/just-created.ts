import type { HeldStore } from '../platform/held-store.ts';
import type { CreatedToken } from '../platform/messages.ts';
import { createQueue } from '../platform/serial.ts';
import type { Store } from '../platform/store.ts';

/** How long a new secret is kept in memory, in ms. */
export const KEPT_MS = 5 * 60 * 1000;

export const CREATED_ALARM = 'just-created';

const KEY = 'just-created';

export type KeptToken = {
  token: CreatedToken;
  /** Null once it was handed over: nobody needs it here any more. */
  secret: string | null;
  /** For a PAT: what the proxy needs to know of it besides. `expiresAt` as Unleash has it, also for never. */
  pat: { id: number; expiresAt: string } | null;
};

export type Details = Pick<CreatedToken, 'name' | 'expiresAt'> &
  Partial<Pick<CreatedToken, 'kind' | 'projects' | 'environment' | 'owner'>> &
  Pick<KeptToken, 'pat'>;

export type JustCreatedParts = {
  /** Memory of the browser only, closed to content scripts. */
  session: Store & Partial<Pick<HeldStore, 'isHeld'>>;
  alarms: { set(name: string, when: number): Promise<void>; clear(name: string): Promise<void> };
  now(): number;
};

export type JustCreated = {
  /** Gives whether the browser keeps it; else the background's own memory has it, for as long as that lives. */
  add(kept: KeptToken): Promise<boolean>;
  list(instanceId: string): Promise<CreatedToken[]>;
  find(id: string): Promise<KeptToken | null>;
  /** The one that was made last and whose secret is still here. */
  last(): Promise<KeptToken | null>;
  findSecret(secret: string): Promise<KeptToken | null>;
  /** Ids in Unleash's list of the PATs that stand here, but for the one of this secret. */
  patIds(instanceId: string, besides: string): Promise<number[]>;
  /** What was learnt of it later. */
  describe(id: string, details: Details): Promise<void>;
  dismiss(id: string): Promise<void>;
  /** Marks it as handed over and lets go of its secret. */
  sent(id: string, profile: string): Promise<void>;
  /** Lets go of all whose time is over. Also to be called whenever the background starts: the clock may have been set. */
  sweep(): Promise<void>;
};

/** New tokens with their secrets, in session memory for 5 minutes; newest first. */
export function createJustCreated({ session, alarms, now }: JustCreatedParts): JustCreated {
  const inTurn = createQueue();

  async function live(): Promise<KeptToken[]> {
    const all = ((await session.read(KEY)) as KeptToken[] | undefined) ?? [];
    const latest = now() + KEPT_MS;
    return all
      .filter(({ token }) => token.keptUntil > now())
      .map((kept) =>
        // The clock was set back: from now on it is 5 minutes, not that and a day.
        kept.token.keptUntil <= latest
          ? kept
          : { ...kept, token: { ...kept.token, keptUntil: latest } },
      );
  }

  async function change(edit: (all: KeptToken[]) => KeptToken[]): Promise<void> {
    const all = edit(await live());
    if (all.length === 0) {
      await session.remove(KEY);
      await alarms.clear(CREATED_ALARM);
      return;
    }
    await session.write(KEY, all);
    await alarms.set(CREATED_ALARM, Math.min(...all.map(({ token }) => token.keptUntil)));
  }

  return {
    add: (kept) =>
      inTurn(async () => {
        await change((all) => [kept, ...all]);
        return session.isHeld?.(KEY) !== true;
      }),
    list: async (instanceId) =>
      (await live()).map(({ token }) => token).filter((token) => token.instanceId === instanceId),
    find: async (id) => (await live()).find(({ token }) => token.id === id) ?? null,
    last: async () => (await live()).find(({ secret }) => secret !== null) ?? null,
    findSecret: async (secret) => (await live()).find((kept) => kept.secret === secret) ?? null,
    patIds: async (instanceId, besides) =>
      (await live()).flatMap(({ token, secret, pat }) =>
        pat !== null && token.instanceId === instanceId && secret !== besides ? [pat.id] : [],
      ),
    describe: (id, { pat, ...details }) =>
      inTurn(() =>
        change((all) =>
          all.map((kept) =>
            kept.token.id === id ? { ...kept, pat, token: { ...kept.token, ...details } } : kept,
          ),
        ),
      ),
    dismiss: (id) => inTurn(() => change((all) => all.filter(({ token }) => token.id !== id))),
    sent: (id, profile) =>
      inTurn(() =>
        change((all) =>
          all.map((kept) =>
            kept.token.id === id
              ? { ...kept, secret: null, token: { ...kept.token, sentTo: profile } }
              : kept,
          ),
        ),
      ),
    sweep: () =>
      inTurn(async () => {
        if ((await session.read(KEY)) !== undefined) await change((all) => all);
      }),
  };
}
