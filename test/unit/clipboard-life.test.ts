import { describe, expect, test } from 'vitest';
import {
  createClipboardKeeper,
  isClipboardAlarm,
} from '../../extension/background/clipboard/clipboard-keeper.ts';
import { eventPageClipboard } from '../../extension/background/clipboard/event-page-clipboard.ts';
import { offscreenClipboard } from '../../extension/background/clipboard/offscreen-clipboard.ts';
import { sha256 } from '../../extension/background/clipboard/sha256.ts';
import { CLEAR_DELAYS } from '../../extension/background/setting-shapes.ts';
import { createClipboardDocument } from '../../extension/offscreen/clipboard-document.ts';
import { fakeStore } from './background-fake-browser.ts';

const SECRET = `user:${'a'.repeat(56)}`;
const OTHER = `user:${'b'.repeat(56)}`;
const OWN = 'my own words';
const START = 1_800_000_000_000;
const DAY = 24 * 60 * 60 * 1000;

/** The latest that a clear may come after its deadline: Chromium's alarm behind its timer, in ms. */
const LATE = 2_000;

type Kind = 'chromium' | 'firefox';
type Document = ReturnType<typeof createClipboardDocument>;

/**
 * A browser around the keeper, the offscreen document and the event page's clipboard, all of them real. It has two
 * clocks: the computer's, which somebody may set, and the one that timers run by. Chromium rings alarms by the first,
 * Firefox by the second.
 */
function browser(kind: Kind, { mayRead = false, delay = 30 as number | null } = {}) {
  const time = { wall: START, ran: 0 };
  const clipboard = { text: '', mayRead, writes: true };
  const local = fakeStore();
  let session = fakeStore();
  let alarms = new Map<string, { when: number; ranAt: number }>();
  let timers: { run: () => void; ranAt: number; id: number }[] = [];
  let offscreen: Document | null = null;
  let ids = 0;
  const pending = new Set<Promise<unknown>>();
  function track<T>(work: Promise<T>): Promise<T> {
    pending.add(work);
    const done = () => void pending.delete(work);
    work.then(done, done);
    return work;
  }
  async function settle(): Promise<void> {
    do {
      await Promise.allSettled([...pending]);
      await new Promise((resolve) => setImmediate(resolve));
    } while (pending.size > 0);
  }

  function openDocument(): Document {
    const listeners = new Set<(event: Event) => void>();
    const paste = { value: '', focus: () => {} };
    return createClipboardDocument({
      document: {
        addEventListener: (_: string, listener: unknown) =>
          void listeners.add(listener as (event: Event) => void),
        removeEventListener: (_: string, listener: unknown) =>
          void listeners.delete(listener as (event: Event) => void),
        execCommand(command: string) {
          if (command === 'paste') {
            if (!clipboard.mayRead || clipboard.text === '') return false;
            paste.value = clipboard.text;
            return true;
          }
          if (!clipboard.writes) return false;
          const setData = (_: string, text: string) => {
            clipboard.text = text;
          };
          const event = { clipboardData: { setData }, preventDefault: () => {} };
          for (const listener of listeners) listener(event as unknown as Event);
          return true;
        },
      },
      paste,
      sha256: (text) => track(sha256(text)),
      now: () => time.wall,
      setTimer(run, ms) {
        timers.push({ run, ranAt: time.ran + ms, id: ++ids });
        return ids;
      },
      clearTimer: (id) => {
        timers = timers.filter((timer) => timer.id !== id);
      },
      ended: (id, result) => void track(keeper.ended(id, result)),
    });
  }

  const access =
    kind === 'firefox'
      ? eventPageClipboard({
          async writeText(text: string) {
            if (!clipboard.writes) throw new Error('not allowed');
            clipboard.text = text;
          },
          async readText() {
            if (!clipboard.mayRead) throw new Error('not allowed');
            return clipboard.text;
          },
        } as unknown as Clipboard)
      : offscreenClipboard({
          exists: async () => offscreen !== null,
          create: async () => {
            if (offscreen !== null) throw new Error('Only a single offscreen document');
            offscreen = openDocument();
          },
          close: async () => {
            offscreen = null;
            timers = [];
          },
          send: async (order) => offscreen?.obey(order),
        });

  const start = () =>
    createClipboardKeeper({
      access,
      session,
      local,
      alarms: {
        set: async (name, when) =>
          void alarms.set(name, { when, ranAt: time.ran + Math.max(0, when - time.wall) }),
        clear: async (name) => void alarms.delete(name),
      },
      mayRead: async () => clipboard.mayRead,
      delaySeconds: async () => delay,
      now: () => time.wall,
      randomId: () => `id-${++ids}`,
    });
  let keeper = start();

  const ranAtOf = ({ when, ranAt }: { when: number; ranAt: number }) =>
    kind === 'chromium' ? time.ran + Math.max(0, when - time.wall) : ranAt;

  return {
    clipboard,
    local,
    get keeper() {
      return keeper;
    },
    get quiet() {
      return alarms.size === 0 && timers.length === 0 && offscreen === null;
    },
    /** Time goes by, and what is due in it happens at its own moment. */
    async pass(ms: number) {
      const end = time.ran + ms;
      for (;;) {
        const due = [
          ...timers.map((timer) => ({ ranAt: timer.ranAt, timer, name: null })),
          ...[...alarms].map(([name, alarm]) => ({ ranAt: ranAtOf(alarm), timer: null, name })),
        ].sort((one, other) => one.ranAt - other.ranAt)[0];
        if (due === undefined || due.ranAt > end) break;
        const forward = Math.max(0, due.ranAt - time.ran);
        time.ran += forward;
        time.wall += forward;
        if (due.timer) {
          timers = timers.filter((timer) => timer !== due.timer);
          due.timer.run();
        } else if (due.name !== null) {
          alarms.delete(due.name);
          if (isClipboardAlarm(due.name)) void track(keeper.alarmRang(due.name));
        }
        await settle();
      }
      time.wall += end - time.ran;
      time.ran = end;
    },
    /** Somebody sets the computer's clock. */
    setClock(by: number) {
      time.wall += by;
    },
    /** The background ends, and begins anew with the next event. */
    async killWorker() {
      keeper = start();
      await keeper.started();
    },
    async restart() {
      session = fakeStore();
      alarms = new Map();
      timers = [];
      offscreen = null;
      keeper = start();
      await keeper.started();
    },
  };
}

describe.each(['chromium', 'firefox'] as const)('a token on the clipboard in %s', (kind) => {
  describe.each([
    ['where it may look', true],
    ['where it may not', false],
  ])('%s', (_, mayRead) => {
    test.each(CLEAR_DELAYS)(
      'stays for its %i s and no longer, the background dead',
      async (delay) => {
        const world = browser(kind, { mayRead, delay });
        await world.keeper.copy(SECRET, null);
        await world.killWorker();
        await world.pass(delay * 1000 - 1);
        expect(world.clipboard.text).toBe(SECRET);
        await world.pass(LATE + 1);
        expect(world.clipboard.text).toBe('');
        expect([await world.keeper.state(), world.local.all(), world.quiet]).toEqual([
          null,
          {},
          true,
        ]);
      },
    );

    test('stays for good with "never"', async () => {
      const world = browser(kind, { mayRead, delay: null });
      await world.keeper.copy(SECRET, null);
      await world.killWorker();
      await world.pass(DAY);
      expect([world.clipboard.text, world.local.all(), world.quiet]).toEqual([SECRET, {}, true]);
    });

    test('leaves alone what the user copies after it was cleared', async () => {
      const world = browser(kind, { mayRead });
      await world.keeper.copy(SECRET, null);
      await world.pass(30_000);
      world.clipboard.text = OWN;
      await world.pass(DAY);
      expect(world.clipboard.text).toBe(OWN);
    });

    test('is cleared at the end of the second copy, not of the first', async () => {
      const world = browser(kind, { mayRead });
      await world.keeper.copy(SECRET, null);
      await world.pass(20_000);
      await world.keeper.copy(OTHER, null);
      await world.killWorker();
      await world.pass(29_999);
      expect(world.clipboard.text).toBe(OTHER);
      await world.pass(LATE + 1);
      expect(world.clipboard.text).toBe('');
    });

    test('is cleared once the browser lets us, when it did not at first', async () => {
      const world = browser(kind, { mayRead });
      await world.keeper.copy(SECRET, null);
      world.clipboard.writes = false;
      await world.pass(35_000);
      expect(world.clipboard.text).toBe(SECRET);
      world.clipboard.writes = true;
      await world.pass(10_000);
      expect(world.clipboard.text).toBe('');
    });

    test.each([
      ['ahead by a day', DAY],
      ['back by a day', -DAY],
      ['back by 20 s', -20_000],
      ['ahead by 20 s', 20_000],
    ])('stays no longer than its delay with the clock set %s', async (_set, by) => {
      const world = browser(kind, { mayRead });
      await world.keeper.copy(SECRET, null);
      await world.pass(10_000);
      world.setClock(by);
      await world.pass(20_000 + LATE);
      expect(world.clipboard.text).toBe('');
      world.clipboard.text = OWN;
      await world.pass(2 * DAY);
      expect([world.clipboard.text, await world.keeper.state()]).toEqual([OWN, null]);
    });

    test('is cleared at the next start of the background where the clock was set back behind the copy', async () => {
      const world = browser(kind, { mayRead });
      await world.keeper.copy(SECRET, null);
      world.setClock(-DAY);
      await world.killWorker();
      expect(world.clipboard.text).toBe('');
    });
  });

  test('gives way to what the user copied in between, where it may look', async () => {
    const world = browser(kind, { mayRead: true });
    await world.keeper.copy(SECRET, null);
    world.clipboard.text = OWN;
    await world.killWorker();
    await world.pass(30_000 + LATE);
    expect([world.clipboard.text, world.local.all(), world.quiet]).toEqual([OWN, {}, true]);
  });

  test('takes what the user copied in between along where it may not look, as it said', async () => {
    const world = browser(kind, { mayRead: false });
    const { blind } = await world.keeper.copy(SECRET, null);
    world.clipboard.text = OWN;
    await world.pass(30_000 + LATE);
    expect([blind, world.clipboard.text]).toEqual([true, '']);
  });

  test('is looked at, or no longer, from the moment the permission changes', async () => {
    const world = browser(kind, { mayRead: false });
    await world.keeper.copy(SECRET, null);
    world.clipboard.mayRead = true;
    await world.keeper.permissionChanged();
    world.clipboard.text = OWN;
    await world.pass(30_000 + LATE);
    expect(world.clipboard.text).toBe(OWN);
  });

  test('is cleared after a restart of the browser where it may look, and told of where it may not', async () => {
    for (const mayRead of [true, false]) {
      const world = browser(kind, { mayRead });
      await world.keeper.copy(SECRET, null);
      await world.restart();
      await world.pass(DAY);
      expect(world.clipboard.text).toBe(mayRead ? '' : SECRET);
      const notice = await world.keeper.notice();
      expect(notice === null).toBe(mayRead);
      await world.keeper.noticeSeen();
      expect([await world.keeper.notice(), world.local.all()]).toEqual([null, {}]);
    }
  });
});
