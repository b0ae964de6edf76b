import type { CopyEnd, CopyState } from '../../platform/messages.ts';
import { say } from '../../platform/say.ts';
import { createQueue } from '../../platform/serial.ts';
import type { Store } from '../../platform/store.ts';
import type { ClearResult, ClipboardAccess } from './clipboard-access.ts';
import { sha256 } from './sha256.ts';

/**
 * Before the id of a copy: the name of the alarm that clears it, or, in Chromium, sees to it that the offscreen
 * document's own timer did. By the name one knows whose alarm rings, whatever the computer's clock says by then.
 */
const ALARM_PREFIX = 'clipboard:';

const alarmOf = ({ id }: { id: string }): string => ALARM_PREFIX + id;

/** Whether an alarm of this name is the keeper's. */
export const isClipboardAlarm = (name: string): boolean => name.startsWith(ALARM_PREFIX);

/** How long after the deadline the alarm comes where another timer does the work, in ms. */
const BACKSTOP_MS = 2_000;

/** How long after a clear that the browser refused it is tried again, in ms. */
const RETRY_MS = 10_000;

const SESSION_KEY = 'clipboard';
/** On disk: a hash and a deadline, no secret. It tells the next start that the browser closed too early. */
const LOCAL_KEY = 'clipboard';

type Copied = {
  id: string;
  hash: string;
  /** Of the token alone, where it stands inside a longer text. */
  secretHash: string;
  copiedAt: number;
  /** Null: never. */
  deadline: number | null;
  delaySeconds: number | null;
  createdId: string | null;
};

export type ClipboardKeeperParts = {
  access: ClipboardAccess;
  session: Store;
  local: Store;
  alarms: { set(name: string, when: number): Promise<void>; clear(name: string): Promise<void> };
  /** Whether `clipboardRead` is granted at this moment. */
  mayRead(): Promise<boolean>;
  /** Null: never. */
  delaySeconds(): Promise<number | null>;
  now(): number;
  randomId(): string;
};

export type ClipboardKeeper = {
  /**
   * Writes the text and sees to its end. Rejects when the browser will not write; then nothing is changed. `secret` is
   * the token in it, where the text is more than that.
   */
  copy(text: string, createdId: string | null, secret?: string): Promise<CopyState>;
  /** A page of an instance has put this secret there itself, as plain text. */
  pageCopied(secret: string): Promise<CopyState>;
  state(): Promise<CopyState | null>;
  /** What a browser that closed too early may have left behind: said until somebody has seen it. */
  notice(): Promise<string | null>;
  noticeSeen(): Promise<void>;
  /** Clears what is waiting to be cleared, and nothing else: `none` where nothing is. */
  clearNow(): Promise<ClearResult | 'none'>;
  /** The same where something is waiting; else clears unseen whatever is there, because a person said so. */
  clearWhatever(): Promise<ClearResult>;
  /** Clears at once if this secret is the last that we know to be on the clipboard, alone or in a longer text. */
  clearIfHolding(secret: string): Promise<void>;
  /** The alarm of this name rang. */
  alarmRang(name: string): Promise<void>;
  /** The offscreen document's timer has cleared, or seen that it must not. */
  ended(id: string, result: 'cleared' | 'not-ours'): Promise<void>;
  /** What became of the copy of this id. `none`: nothing is known of it any more, a later one has taken its place. */
  endOf(id: string): Promise<CopyEnd>;
  /** `clipboardRead` was granted or taken back: the timer must not go on as if it were not. */
  permissionChanged(): Promise<void>;
  /** To be called whenever the background starts: what did the browser's last run leave behind? */
  started(): Promise<void>;
};

/**
 * Keeps watch over what we put on the clipboard. Only its hash and its deadline are kept. All work is done one after
 * the other: two copies at once would leave one of them unwatched, and Firefox refuses the second of two writes.
 */
export function createClipboardKeeper(parts: ClipboardKeeperParts): ClipboardKeeper {
  const { access, session, local, alarms, now } = parts;
  const inTurn = createQueue();
  /**
   * What became of the last copy whose time was over. In memory alone: whoever asks does so within seconds, and an
   * answer that got lost says no more than that nothing waits.
   */
  let end: { id: string; result: 'cleared' | 'not-ours' | 'failed' } | null = null;

  async function copied(): Promise<Copied | null> {
    return ((await session.read(SESSION_KEY)) as Copied | undefined) ?? null;
  }

  async function remember(record: Copied): Promise<void> {
    const { hash, deadline } = record;
    await session.write(SESSION_KEY, record);
    if (deadline !== null) await alarms.set(alarmOf(record), deadline);
    // A full disk keeps no token from being cleared: all that is lost is the word after a restart in between.
    await (deadline === null
      ? local.remove(LOCAL_KEY)
      : local.write(LOCAL_KEY, { hash, deadline })
    ).catch(() => undefined);
  }

  /** Puts back what was remembered before a copy that came to nothing. */
  async function restore(before: Copied | null, failed: Copied): Promise<void> {
    await alarms.clear(alarmOf(failed));
    if (before === null) await forget(failed);
    else await remember(before);
  }

  /** A disk that takes no change must not hold up a clear; at worst the next start warns of nothing. */
  const forgetOnDisk = () => local.remove(LOCAL_KEY).catch(() => undefined);

  async function forget(record: Copied): Promise<void> {
    // The one on disk first: were the background to die in between, the next start would warn of nothing.
    await forgetOnDisk();
    await session.remove(SESSION_KEY);
    await alarms.clear(alarmOf(record));
    await access.release();
  }

  async function compareWith(record: { hash: string }): Promise<string | null> {
    return (await parts.mayRead()) ? record.hash : null;
  }

  async function shown(record: Copied): Promise<CopyState> {
    const { id, copiedAt, deadline, delaySeconds, createdId } = record;
    const blind = !(await parts.mayRead());
    return { id, copiedAt, clearsAt: deadline, delaySeconds, blind, createdId };
  }

  async function newRecord(
    text: string,
    createdId: string | null,
    secret: string,
  ): Promise<Copied> {
    const delaySeconds = await parts.delaySeconds();
    const copiedAt = now();
    return {
      id: parts.randomId(),
      hash: await sha256(text),
      secretHash: await sha256(secret),
      copiedAt,
      deadline: delaySeconds === null ? null : copiedAt + delaySeconds * 1000,
      delaySeconds,
      createdId,
    };
  }

  async function startTimer(record: Copied): Promise<void> {
    const { id, deadline } = record;
    if (deadline === null) {
      await access.release();
      return;
    }
    const own = await access.clearAt({ id, deadline, compare: await compareWith(record) });
    if (own) await alarms.set(alarmOf(record), deadline + BACKSTOP_MS);
  }

  async function clear(record: Copied): Promise<ClearResult> {
    const result = await access.clear({ id: record.id, compare: await compareWith(record) });
    if (result !== 'already') end = { id: record.id, result };
    if (result === 'failed') await alarms.set(alarmOf(record), now() + RETRY_MS);
    else await forget(record);
    return result;
  }

  /** What the browser's last run left behind. Without a look nothing may be cleared: it may be the user's own by now. */
  async function clearLeftOver(): Promise<void> {
    const left = (await local.read(LOCAL_KEY)) as { hash: string } | undefined;
    if (left === undefined || !(await parts.mayRead())) return;
    const result = await access.clear({ id: parts.randomId(), compare: left.hash });
    // Else the notice waits in `notice`.
    if (result === 'failed') return;
    await forgetOnDisk();
    await access.release();
  }

  /** Whether what is on the disk is of the browser's last run: what is being watched is in session memory as well. */
  async function isLeftOver(): Promise<boolean> {
    return (await copied()) === null && (await local.read(LOCAL_KEY)) !== undefined;
  }

  /** Its time is over, or the clock was set back behind it and can no longer say when it is. */
  function isDue({ copiedAt, deadline }: Copied): boolean {
    return deadline !== null && (now() >= deadline || now() < copiedAt);
  }

  return {
    copy: (text, createdId, secret = text) =>
      inTurn(async () => {
        const before = await copied();
        const record = await newRecord(text, createdId, secret);
        try {
          // Before the write: were the background to die between the two, the secret would stay for good.
          await remember(record);
          await access.write(text);
        } catch (error) {
          await restore(before, record);
          throw error;
        }
        if (before !== null) await alarms.clear(alarmOf(before));
        await startTimer(record);
        return shown(record);
      }),

    pageCopied: (secret) =>
      inTurn(async () => {
        const before = await copied();
        const record = await newRecord(secret, null, secret);
        await remember(record);
        if (before !== null) await alarms.clear(alarmOf(before));
        await startTimer(record);
        return shown(record);
      }),

    async state() {
      const record = await copied();
      return record === null ? null : shown(record);
    },

    notice: () => inTurn(async () => ((await isLeftOver()) ? say('left_behind') : null)),

    noticeSeen: () =>
      inTurn(async () => {
        if (await isLeftOver()) await forgetOnDisk();
      }),

    clearNow: () =>
      inTurn(async () => {
        const record = await copied();
        return record === null ? 'none' : clear(record);
      }),

    clearWhatever: () =>
      inTurn(async () => {
        const record = await copied();
        if (record !== null) return clear(record);
        const result = await access.clear({ id: parts.randomId(), compare: null });
        if (result === 'failed') return result;
        await forgetOnDisk();
        await access.release();
        return result;
      }),

    clearIfHolding: (secret) =>
      inTurn(async () => {
        const record = await copied();
        if (record !== null && record.secretHash === (await sha256(secret))) await clear(record);
      }),

    alarmRang: (name) =>
      inTurn(async () => {
        const record = await copied();
        // An alarm of an earlier copy must not end a later one.
        if (record !== null && alarmOf(record) === name) await clear(record);
      }),

    ended: (id, result) =>
      inTurn(async () => {
        const record = await copied();
        if (record?.id !== id) return;
        end = { id, result };
        await forget(record);
      }),

    endOf: (id) =>
      inTurn(async () => {
        if (end?.id === id) return end.result;
        return (await copied())?.id === id ? 'waiting' : 'none';
      }),

    permissionChanged: () =>
      inTurn(async () => {
        const record = await copied();
        if (record === null) await clearLeftOver();
        else if (record.deadline !== null) await startTimer(record);
      }),

    started: () =>
      inTurn(async () => {
        const record = await copied();
        if (record === null) await clearLeftOver();
        else if (isDue(record)) await clear(record);
      }),
  };
}
