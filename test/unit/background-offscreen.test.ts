import { describe, expect, test } from 'vitest';
import { sha256 } from '../../extension/background/clipboard/sha256.ts';
import { createClipboardDocument } from '../../extension/offscreen/clipboard-document.ts';

const SECRET = `user:${'c'.repeat(56)}`;

/** A document whose `copy` and `paste` commands work as Chromium's do for an extension; `paste` by permission alone. */
function setUp({ mayRead }: { mayRead: boolean }) {
  const state = { text: '', types: [] as string[], mayRead };
  const listeners = new Set<(event: Event) => void>();
  const paste = { value: '', focus: () => {} };
  const ended: [string, string][] = [];
  const hashing = { begun: 0, wait: Promise.resolve() };
  const timers: { run: () => void; ms: number }[] = [];
  const obeyed = createClipboardDocument({
    document: {
      addEventListener: (_: string, listener: unknown) =>
        void listeners.add(listener as (event: Event) => void),
      removeEventListener: (_: string, listener: unknown) =>
        void listeners.delete(listener as (event: Event) => void),
      execCommand(command: string) {
        if (command === 'copy') {
          let prevented = false;
          const data = new Map<string, string>();
          for (const listener of listeners) {
            listener({
              clipboardData: { setData: (type: string, text: string) => data.set(type, text) },
              preventDefault: () => {
                prevented = true;
              },
            } as unknown as Event);
          }
          if (prevented) {
            state.text = data.get('text/plain') ?? '';
            state.types = [...data.keys()];
          }
          return true;
        }
        if (command !== 'paste') throw new Error(command);
        if (!state.mayRead || state.text === '') return false;
        paste.value = state.text;
        return true;
      },
    },
    paste,
    async sha256(text) {
      hashing.begun += 1;
      await hashing.wait;
      return sha256(text);
    },
    now: () => 1_000,
    setTimer: (run, ms) => timers.push({ run, ms }),
    clearTimer: (timer) => void timers.splice(timer - 1, 1),
    ended: (...end) => ended.push(end),
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
  return { obey: obeyed.obey, state, timers, ended, paste, listeners, settle, hashing };
}

describe('the offscreen clipboard', () => {
  test('writes plain text alone and leaves no listener behind', async () => {
    const { obey, state, listeners } = setUp({ mayRead: false });
    expect(await obey({ to: 'offscreen', act: 'write', text: SECRET })).toEqual({ ok: true });
    expect([state.text, state.types, listeners.size]).toEqual([SECRET, ['text/plain'], 0]);
  });

  test('clears by its own timer and says which copy it has ended', async () => {
    const { obey, state, timers, ended, settle } = setUp({ mayRead: false });
    await obey({ to: 'offscreen', act: 'write', text: SECRET });
    await obey({ to: 'offscreen', act: 'clear-at', id: 'one', compare: null, deadline: 11_000 });
    expect(timers.map(({ ms }) => ms)).toEqual([10_000]);
    timers[0]?.run();
    await settle();
    expect([state.text, ended]).toEqual(['', [['one', 'cleared']]]);
  });

  test('does not end a copy twice: what the user copied since stays', async () => {
    const { obey, state, timers, settle } = setUp({ mayRead: false });
    await obey({ to: 'offscreen', act: 'write', text: SECRET });
    await obey({ to: 'offscreen', act: 'clear-at', id: 'one', compare: null, deadline: 11_000 });
    timers[0]?.run();
    await settle();
    state.text = 'my own words';
    const answer = await obey({ to: 'offscreen', act: 'clear', id: 'one', compare: null });
    expect([answer.result, state.text]).toEqual(['already', 'my own words']);
  });

  test('looks first where it may, and lets go of what it saw', async () => {
    const { obey, state, paste } = setUp({ mayRead: true });
    state.text = 'my own words';
    const compare = await sha256(SECRET);
    const kept = await obey({ to: 'offscreen', act: 'clear', id: 'one', compare });
    expect([kept.result, state.text, paste.value]).toEqual(['not-ours', 'my own words', '']);
    state.text = SECRET;
    const cleared = await obey({ to: 'offscreen', act: 'clear', id: 'two', compare });
    expect([cleared.result, state.text, paste.value]).toEqual(['cleared', '', '']);
  });

  test.each(['its timer', 'an order'])(
    'keeps what is written while the clear by %s looks at what was there before',
    async (by) => {
      const { obey, state, timers, hashing, settle } = setUp({ mayRead: true });
      await obey({ to: 'offscreen', act: 'write', text: SECRET });
      const clear = { to: 'offscreen', id: 'one', compare: await sha256(SECRET) } as const;
      let go = () => {};
      hashing.wait = new Promise((resolve) => {
        go = resolve;
      });
      if (by === 'an order') void obey({ ...clear, act: 'clear' });
      else {
        await obey({ ...clear, act: 'clear-at', deadline: 11_000 });
        timers[0]?.run();
      }
      await settle();
      expect(hashing.begun).toBe(1);
      const written = obey({ to: 'offscreen', act: 'write', text: 'the next token' });
      go();
      expect(await written).toEqual({ ok: true });
      await settle();
      expect(state.text).toBe('the next token');
    },
  );

  test('has one timer: a second copy ends the first', async () => {
    const { obey, timers } = setUp({ mayRead: false });
    await obey({ to: 'offscreen', act: 'clear-at', id: 'one', compare: null, deadline: 11_000 });
    await obey({ to: 'offscreen', act: 'write', text: SECRET });
    await obey({ to: 'offscreen', act: 'clear-at', id: 'two', compare: null, deadline: 21_000 });
    expect(timers.map(({ ms }) => ms)).toEqual([20_000]);
  });
});
