import type { Instance, Settings } from '../platform/messages.ts';
import type { Notice } from '../platform/notifications.ts';
import { createQueue } from '../platform/serial.ts';
import type { Store } from '../platform/store.ts';
import { sha256 } from './clipboard/sha256.ts';
import type { KnownToken, TokenLister } from './token-list.ts';
import { EXPIRY } from './words.ts';

export const EXPIRY_ALARM = 'expiry-watch';

/** How often the tokens are looked at, in ms. */
const EVERY_MS = 6 * 60 * 60 * 1000;

/** How long after the browser's start, or after an instance has come, the first look is: neither should wait for it. */
const SOON_MS = 60 * 1000;

const DAY_MS = 24 * 60 * 60 * 1000;

/** A token is spoken of twice: when it comes near its end, and on the last day. */
const LAST_DAYS = 1;

/** On disk, per instance: hashes of what was spoken of. No token, no key, no name. */
const TOLD_KEY = 'expiry-told';

const NOTICE_PREFIX = 'expiry:';

export type Badge = { count: number; title: string };

export type ExpiryWatchParts = {
  local: Store;
  alarms: { set(name: string, when: number): Promise<void> };
  instances: {
    list(): Promise<{ instances: Instance[] }>;
    mayReach(instance: Instance): Promise<boolean>;
  };
  tokens: Pick<TokenLister, 'readFacts' | 'kept'>;
  settings(): Promise<
    Pick<Settings, 'expiryBadge' | 'expiryNotifications' | 'expiryMuted' | 'expiryDays'>
  >;
  /** Null takes number and title away. */
  showBadge(badge: Badge | null): Promise<void>;
  notify(notice: Notice): Promise<void>;
  now(): number;
};

export type ExpiryWatch = {
  /** Has the tokens looked at a minute from now. */
  checkSoon(): Promise<void>;
  /** Reads the tokens of every instance that may be reached, and says which end soon. */
  check(): Promise<void>;
  /** Counts anew what is known already, without a request. */
  recount(): Promise<void>;
};

/** The instance that a notification of ours is about; null for any other. */
export function instanceOfNotice(noticeId: string): string | null {
  return noticeId.startsWith(NOTICE_PREFIX) ? noticeId.slice(NOTICE_PREFIX.length) : null;
}

/**
 * Watches for tokens that end soon, by the session that the browser is logged in with. Where nobody is logged in, or a
 * server does not answer, it is silent: what was known stays, and the next look may know more.
 */
export function createExpiryWatch(parts: ExpiryWatchParts): ExpiryWatch {
  const { local, alarms, instances, tokens, now } = parts;
  const inTurn = createQueue();

  async function reachable(): Promise<Instance[]> {
    const { instances: all } = await instances.list();
    const reached = await Promise.all(all.map((instance) => instances.mayReach(instance)));
    return all.filter((_, index) => reached[index]);
  }

  async function ending(instance: Instance, days: number): Promise<KnownToken[]> {
    const list = await tokens.kept(instance.id);
    return (list?.tokens ?? []).filter((token) => endsWithin(token, days, now()));
  }

  async function show(all: readonly Instance[]): Promise<void> {
    const { expiryBadge, expiryDays } = await parts.settings();
    const found = await Promise.all(all.map((instance) => ending(instance, expiryDays)));
    const count = found.flat().length;
    const wanted = expiryBadge && count > 0;
    await parts.showBadge(wanted ? { count, title: EXPIRY.badge(count, expiryDays) } : null);
  }

  async function tell(all: readonly Instance[]): Promise<void> {
    const { expiryNotifications, expiryMuted, expiryDays } = await parts.settings();
    if (!expiryNotifications) return;
    const before = toldOf(await local.read(TOLD_KEY));
    const { instances: listed } = await instances.list();
    const told = Object.fromEntries(listed.map(({ id }) => [id, before[id] ?? []]));
    const notices: Notice[] = [];
    for (const instance of all) {
      // Unknown: nobody is logged in since the browser started. What was said of it is not forgotten for that.
      if ((await tokens.kept(instance.id)) === null) continue;
      const found = await ending(instance, expiryDays);
      const marks = await Promise.all(found.map((token) => marksOf(instance, token, now())));
      told[instance.id] = marks.flat();
      if (expiryMuted.includes(instance.id)) continue;
      const known = new Set(before[instance.id] ?? []);
      const fresh = found.filter((_, index) => marks[index]?.some((mark) => !known.has(mark)));
      if (fresh.length === 0) continue;
      const names = fresh.map(({ row }) => row.name);
      const isLastDay = fresh.every((token) => endsWithin(token, LAST_DAYS, now()));
      const words = EXPIRY.notice(instance.name, names, isLastDay ? LAST_DAYS : expiryDays);
      notices.push({ id: NOTICE_PREFIX + instance.id, ...words });
    }
    // Before it is said: twice would be worse than not at all.
    await local.write(TOLD_KEY, told);
    for (const notice of notices) await parts.notify(notice);
  }

  return {
    checkSoon: () => alarms.set(EXPIRY_ALARM, now() + SOON_MS),
    check: () =>
      inTurn(async () => {
        await alarms.set(EXPIRY_ALARM, now() + EVERY_MS);
        const all = await reachable();
        await Promise.all(all.map((instance) => tokens.readFacts(instance).catch(() => null)));
        await show(all);
        await tell(all);
      }),
    recount: () => inTurn(async () => show(await reachable())),
  };
}

function endsWithin({ row }: KnownToken, days: number, now: number): boolean {
  const end = row.expiresAt === null ? Number.NaN : Date.parse(row.expiresAt);
  return end > now && end <= now + days * DAY_MS;
}

/** What stands for "this token was spoken of": one mark when it comes near its end, another on the last day. */
async function marksOf(instance: Instance, token: KnownToken, now: number): Promise<string[]> {
  const { mark, row } = token;
  const thresholds = endsWithin(token, LAST_DAYS, now) ? ['soon', 'last-day'] : ['soon'];
  // With its end: a token that was extended is spoken of again.
  return Promise.all(
    thresholds.map((threshold) => sha256([instance.id, mark, row.expiresAt, threshold].join('\n'))),
  );
}

function toldOf(kept: unknown): Record<string, string[]> {
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(Object.entries(kept).filter(([, marks]) => Array.isArray(marks)));
}
