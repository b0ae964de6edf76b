import { describe, expect, test } from 'vitest';
import { createClipboardKeeper } from '../../extension/background/clipboard/clipboard-keeper.ts';
import { sha256 } from '../../extension/background/clipboard/sha256.ts';
import { fakeAlarms, fakeClipboard, fakeStore } from './background-fake-browser.ts';

const SECRET = `user:${'a'.repeat(56)}`;
const OTHER = `user:${'b'.repeat(56)}`;
const START = 1_800_000_000_000;

/** The alarms of the first and the second copy. */
const FIRST = 'clipboard:id-1';
const SECOND = 'clipboard:id-2';

function setUp({ withTimer = false, delay = 30 as number | null } = {}) {
  const clipboard = fakeClipboard({ withTimer });
  const session = fakeStore();
  const local = fakeStore();
  const alarms = fakeAlarms();
  const clock = { now: START };
  let ids = 0;
  const settings = { delay };
  /** A keeper as a background that has just started has it; the stores are what is left of the one before. */
  const start = (stores: { session: ReturnType<typeof fakeStore> } = { session }) =>
    createClipboardKeeper({
      access: clipboard.access,
      session: stores.session,
      local,
      alarms,
      mayRead: async () => clipboard.state.mayRead,
      delaySeconds: async () => settings.delay,
      now: () => clock.now,
      randomId: () => `id-${++ids}`,
    });
  return { start, clipboard: clipboard.state, session, local, alarms, clock, settings };
}

describe('the clipboard keeper', () => {
  test('keeps a hash and a deadline and nothing of the secret', async () => {
    const { start, session, local } = setUp();
    await start().copy(SECRET, 'created');
    const kept = JSON.stringify([session.all(), local.all()]);
    expect(kept).not.toContain('a'.repeat(8));
    expect(local.all()).toEqual({
      clipboard: { hash: await sha256(SECRET), deadline: START + 30_000 },
    });
  });

  test('clears by alarm although the background that copied is dead', async () => {
    const { start, clipboard, alarms, clock, session, local } = setUp();
    const state = await start().copy(SECRET, null);
    expect(state).toMatchObject({ clearsAt: START + 30_000, delaySeconds: 30, blind: true });
    expect(alarms.at(FIRST)).toBe(START + 30_000);
    clock.now = START + 30_100;
    await start().alarmRang(FIRST);
    expect(clipboard.text).toBe('');
    expect([session.all(), local.all(), alarms.at(FIRST)]).toEqual([{}, {}, null]);
  });

  test('leaves the alarm behind the timer where a timer does the work', async () => {
    const { start, clipboard, alarms } = setUp({ withTimer: true });
    await start().copy(SECRET, null);
    expect(clipboard.timer).toMatchObject({ deadline: START + 30_000, compare: null });
    expect(alarms.at(FIRST)).toBe(START + 32_000);
  });

  test('forgets what the timer has ended, and lets a late alarm do nothing', async () => {
    const { start, clipboard, clock, session, local } = setUp({ withTimer: true });
    await start().copy(SECRET, null);
    await start().ended('id-1', 'cleared');
    expect([session.all(), local.all()]).toEqual([{}, {}]);
    clipboard.text = 'my own words';
    clock.now = START + 60_000;
    await start().alarmRang(FIRST);
    expect(clipboard.text).toBe('my own words');
  });

  test('does not forget a later copy when the timer of an earlier one reports', async () => {
    const { start, session } = setUp({ withTimer: true });
    await start().copy(SECRET, null);
    await start().copy(OTHER, null);
    await start().ended('id-1', 'cleared');
    expect(session.all()).toHaveProperty('clipboard.id', 'id-2');
  });

  test('keeps what the user copied in between, where it may look', async () => {
    const { start, clipboard, clock, local } = setUp();
    clipboard.mayRead = true;
    const state = await start().copy(SECRET, null);
    expect(state.blind).toBe(false);
    clipboard.text = 'my own words';
    clock.now = START + 30_000;
    await start().alarmRang(FIRST);
    expect(clipboard.text).toBe('my own words');
    expect(local.all()).toEqual({});
  });

  test('clears whatever is there where it may not look', async () => {
    const { start, clipboard, clock } = setUp();
    await start().copy(SECRET, null);
    clipboard.text = 'my own words';
    clock.now = START + 30_000;
    await start().alarmRang(FIRST);
    expect(clipboard.text).toBe('');
  });

  test('counts from the second of two copies', async () => {
    const { start, clipboard, clock, alarms } = setUp();
    await start().copy(SECRET, null);
    clock.now = START + 20_000;
    await start().copy(OTHER, null);
    clock.now = START + 30_000;
    await start().alarmRang(FIRST);
    expect(clipboard.text).toBe(OTHER);
    expect([alarms.at(FIRST), alarms.at(SECOND)]).toEqual([null, START + 50_000]);
    clock.now = START + 50_000;
    await start().alarmRang(SECOND);
    expect(clipboard.text).toBe('');
  });

  test('writes one after the other', async () => {
    const { start, clipboard } = setUp();
    const keeper = start();
    await Promise.all([keeper.copy(SECRET, null), keeper.copy(OTHER, null)]);
    expect(clipboard.text).toBe(OTHER);
  });

  test('goes on watching the earlier copy when a later one is refused by the browser', async () => {
    const { start, clipboard, session, clock } = setUp();
    await start().copy(SECRET, 'first');
    clipboard.refuses = true;
    await expect(start().copy(OTHER, 'second')).rejects.toThrow();
    expect(session.all()).toHaveProperty('clipboard.createdId', 'first');
    clipboard.refuses = false;
    clock.now = START + 30_000;
    await start().alarmRang(FIRST);
    expect(clipboard.text).toBe('');
  });

  test('tries again when the browser will not let it clear', async () => {
    const { start, clipboard, clock, alarms } = setUp();
    await start().copy(SECRET, null);
    clipboard.refuses = true;
    clock.now = START + 30_000;
    await start().alarmRang(FIRST);
    expect(alarms.at(FIRST)).toBe(START + 40_000);
    clipboard.refuses = false;
    clock.now = START + 40_000;
    await start().alarmRang(FIRST);
    expect(clipboard.text).toBe('');
  });

  test('never clears with the delay "never", and keeps nothing on disk for it', async () => {
    const { start, clipboard, alarms, local } = setUp({ delay: null });
    const state = await start().copy(SECRET, null);
    expect(state).toMatchObject({ clearsAt: null, delaySeconds: null });
    expect([clipboard.text, alarms.at(FIRST), local.all()]).toEqual([SECRET, null, {}]);
  });

  test('empties at once what was handed over, and only that', async () => {
    const { start, clipboard } = setUp({ delay: null });
    await start().copy(SECRET, null);
    await start().clearIfHolding(OTHER);
    expect(clipboard.text).toBe(SECRET);
    await start().clearIfHolding(SECRET);
    expect(clipboard.text).toBe('');
  });

  test('watches what a page has copied without writing it again', async () => {
    const { start, clipboard, clock } = setUp();
    clipboard.text = SECRET;
    await start().pageCopied(SECRET);
    clock.now = START + 30_000;
    await start().alarmRang(FIRST);
    expect(clipboard.text).toBe('');
  });

  test('looks anew at the permission for a timer that is running', async () => {
    const { start, clipboard } = setUp({ withTimer: true });
    clipboard.mayRead = true;
    await start().copy(SECRET, null);
    expect(clipboard.timer?.compare).toBe(await sha256(SECRET));
    clipboard.mayRead = false;
    await start().permissionChanged();
    expect(clipboard.timer?.compare).toBeNull();
  });
});

describe('the clipboard keeper on a browser that has no room left', () => {
  test('copies and clears although nothing can be written to the disk', async () => {
    const { start, clipboard, local, session } = setUp();
    local.write = () => Promise.reject(new Error('QuotaExceededError'));
    await start().copy(SECRET, null);
    expect(clipboard.text).toBe(SECRET);
    await start().alarmRang(FIRST);
    expect([clipboard.text, session.all()]).toEqual(['', {}]);
  });

  test('copies nothing that it could not clear, and leaves the copy before as it was', async () => {
    const { start, clipboard, session, alarms } = setUp();
    await start().copy(SECRET, 'first');
    const { write } = session;
    session.write = async (key, value) => {
      if (JSON.stringify(value).includes('id-2')) throw new Error('QuotaExceededError');
      await write(key, value);
    };
    await expect(start().copy(OTHER, 'second')).rejects.toThrow();
    expect(clipboard.text).toBe(SECRET);
    expect(session.all()).toHaveProperty('clipboard.createdId', 'first');
    expect([alarms.at(FIRST), alarms.at(SECOND)]).toEqual([START + 30_000, null]);
  });
});

describe('what became of a copy', () => {
  test('is that it waits, until it was cleared', async () => {
    const { start, clipboard, clock } = setUp();
    const keeper = start();
    const { id } = await keeper.copy(SECRET, null);
    expect(await keeper.endOf(id)).toBe('waiting');
    clipboard.refuses = true;
    clock.now = START + 30_100;
    await keeper.alarmRang(FIRST);
    expect(await keeper.endOf(id)).toBe('failed');
    clipboard.refuses = false;
    await keeper.alarmRang(FIRST);
    expect(await keeper.endOf(id)).toBe('cleared');
  });

  test('is that something else was there, where the clipboard may be looked at', async () => {
    const { start, clipboard } = setUp();
    clipboard.mayRead = true;
    const keeper = start();
    const { id } = await keeper.copy(SECRET, null);
    clipboard.text = 'my own words';
    await keeper.alarmRang(FIRST);
    expect(await keeper.endOf(id)).toBe('not-ours');
  });

  test("is what the offscreen document's timer says", async () => {
    const { start } = setUp({ withTimer: true });
    const keeper = start();
    const { id } = await keeper.copy(SECRET, null);
    await keeper.ended(id, 'not-ours');
    expect(await keeper.endOf(id)).toBe('not-ours');
  });

  test('is told of no copy that a later one has replaced, nor by a background that knows nothing', async () => {
    const { start } = setUp();
    const keeper = start();
    const first = await keeper.copy(SECRET, null);
    const second = await keeper.copy(OTHER, null);
    expect(await keeper.endOf(first.id)).toBe('none');
    await keeper.alarmRang(SECOND);
    expect(await start().endOf(second.id)).toBe('none');
  });
});

describe('after a restart of the browser', () => {
  /** Session memory is gone, the disk is not. */
  async function restarted(change: (clipboard: ReturnType<typeof setUp>['clipboard']) => void) {
    const all = setUp();
    await all.start().copy(SECRET, null);
    change(all.clipboard);
    const keeper = all.start({ session: fakeStore() });
    await keeper.started();
    return { ...all, keeper };
  }

  test('it clears what it can see to be the token', async () => {
    const { clipboard, keeper, local } = await restarted((state) => {
      state.mayRead = true;
    });
    expect(clipboard.text).toBe('');
    expect(await keeper.notice()).toBeNull();
    expect(local.all()).toEqual({});
  });

  test('it leaves what it can see to be something else, and says nothing', async () => {
    const { clipboard, keeper } = await restarted((state) => {
      state.mayRead = true;
      state.text = 'my own words';
    });
    expect(clipboard.text).toBe('my own words');
    expect(await keeper.notice()).toBeNull();
  });

  test('it clears nothing that it cannot see, and says so once', async () => {
    const { clipboard, keeper, local } = await restarted(() => {});
    expect(clipboard.text).toBe(SECRET);
    expect(clipboard.cleared).toBe(0);
    expect(await keeper.notice()).toContain('may still be there');
    // A popup that was closed before it could show it has not said it.
    expect(await keeper.notice()).toContain('may still be there');
    await keeper.noticeSeen();
    expect(await keeper.notice()).toBeNull();
    expect(local.all()).toEqual({});
  });

  test('it clears the token as soon as it is allowed to look', async () => {
    const { clipboard, keeper, local } = await restarted(() => {});
    clipboard.mayRead = true;
    await keeper.permissionChanged();
    expect(clipboard.text).toBe('');
    expect(await keeper.notice()).toBeNull();
    expect(local.all()).toEqual({});
  });

  test('it clears unseen what a person says to clear, though nothing is remembered of it', async () => {
    const { clipboard, keeper, local } = await restarted(() => {});
    expect(await keeper.clearNow()).toBe('none');
    expect(clipboard.text).toBe(SECRET);
    clipboard.refuses = true;
    expect(await keeper.clearWhatever()).toBe('failed');
    expect(local.all()).toHaveProperty('clipboard');
    clipboard.refuses = false;
    expect(await keeper.clearWhatever()).toBe('cleared');
    expect([clipboard.text, local.all()]).toEqual(['', {}]);
  });

  test('what a person copied with us since is cleared with its own record', async () => {
    const { start, clipboard, session, alarms } = setUp();
    const keeper = start();
    await keeper.copy(OTHER, null);
    expect(await keeper.clearWhatever()).toBe('cleared');
    expect([clipboard.text, session.all(), alarms.at(FIRST)]).toEqual(['', {}, null]);
  });

  test('a background that merely woke up again says nothing', async () => {
    const { start, clipboard, local } = setUp();
    await start().copy(SECRET, null);
    const keeper = start();
    await keeper.started();
    expect(await keeper.notice()).toBeNull();
    await keeper.noticeSeen();
    expect(clipboard.text).toBe(SECRET);
    expect(local.all()).toHaveProperty('clipboard');
  });
});
