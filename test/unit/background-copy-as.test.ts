import { describe, expect, test } from 'vitest';
import { createClipboardKeeper } from '../../extension/background/clipboard/clipboard-keeper.ts';
import { sha256 } from '../../extension/background/clipboard/sha256.ts';
import { copyAs, copyAsHandlers } from '../../extension/background/copy-as.ts';
import { createJustCreated } from '../../extension/background/just-created.ts';
import type { TokenKind } from '../../extension/platform/messages.ts';
import { maskToken } from '../../shared/token/grammar.ts';
import { fakeAlarms, fakeClipboard, fakeStore } from './background-fake-browser.ts';

const START = 1_800_000_000_000;
const BASE = 'https://unleash.example.com/flags';
const SECRET = `*:production.${'a'.repeat(56)}`;
const EXTENSION = { from: 'extension' } as const;

function setUp({ mayRead = false } = {}) {
  const clock = { now: START };
  const now = () => clock.now;
  const [local, session] = [fakeStore(), fakeStore()];
  const alarms = fakeAlarms();
  const { access, state: clipboard } = fakeClipboard({ withTimer: false });
  clipboard.mayRead = mayRead;
  let ids = 0;
  const keeper = createClipboardKeeper({
    access,
    session,
    local,
    alarms,
    mayRead: async () => mayRead,
    delaySeconds: async () => 30,
    now,
    randomId: () => `copy-${++ids}`,
  });
  const created = createJustCreated({ session, alarms, now });
  const handlers = copyAsHandlers({ clipboard: keeper, created, local });
  const keep = (id: string, kind: TokenKind = 'backend') =>
    created.add({
      token: {
        id,
        instanceId: BASE,
        kind,
        name: 'ci',
        projects: ['*'],
        environment: 'production',
        expiresAt: null,
        owner: null,
        masked: maskToken(SECRET),
        shownOnce: false,
        keptUntil: START + 300_000,
        createdAt: START,
        sentTo: null,
      },
      secret: SECRET,
      pat: null,
    });
  return { handlers, keep, created, keeper, clipboard, clock, local, session };
}

describe('a token copied in a format', () => {
  test('is on the clipboard with its address, and its answer holds nothing of it', async () => {
    const { handlers, keep, clipboard } = setUp();
    await keep('one');
    const answer = await handlers['created.copyAs']({ id: 'one', format: 'dotenv' }, EXTENSION);
    expect(answer).toMatchObject({ ok: true, copy: { delaySeconds: 30, createdId: 'one' } });
    expect(JSON.stringify(answer)).not.toContain('aaaa');
    expect(clipboard.text).toBe(
      `UNLEASH_SERVER_API_URL=${BASE}/api\nUNLEASH_SERVER_API_TOKEN=${SECRET}\n`,
    );
  });

  test('is cleared as a whole at its deadline, by the hash of the whole', async () => {
    const { handlers, keep, keeper, clipboard, clock, local } = setUp({ mayRead: true });
    await keep('one');
    await handlers['created.copyAs']({ id: 'one', format: 'curl' }, EXTENSION);
    const text = clipboard.text;
    expect(local.all().clipboard).toEqual({
      hash: await sha256(text),
      deadline: START + 30_000,
    });
    clock.now = START + 30_000;
    await keeper.alarmRang('clipboard:copy-1');
    expect(clipboard.text).toBe('');
  });

  test('is left alone at its deadline when the user has copied the bare token in between', async () => {
    const { handlers, keep, keeper, clipboard, clock } = setUp({ mayRead: true });
    await keep('one');
    await handlers['created.copyAs']({ id: 'one', format: 'curl' }, EXTENSION);
    clipboard.text = SECRET;
    clock.now = START + 30_000;
    await keeper.alarmRang('clipboard:copy-1');
    expect(clipboard.text).toBe(SECRET);
  });

  test('is cleared when its secret is handed over', async () => {
    const { handlers, keep, keeper, clipboard } = setUp();
    await keep('one', 'personal');
    await handlers['created.copyAs']({ id: 'one', format: 'kubernetes-secret' }, EXTENSION);
    await keeper.clearIfHolding(`user:${'b'.repeat(56)}`);
    expect(clipboard.text).not.toBe('');
    await keeper.clearIfHolding(SECRET);
    expect(clipboard.text).toBe('');
  });

  test('leaves no secret in storage.local', async () => {
    const { handlers, keep, local } = setUp();
    await keep('one');
    await handlers['created.copyAs']({ id: 'one', format: 'plain' }, EXTENSION);
    expect(JSON.stringify(local.all())).not.toContain('aaaa');
  });

  test('is remembered for its kind alone', async () => {
    const { handlers, keep } = setUp();
    await keep('one');
    await keep('two', 'personal');
    await handlers['created.copyAs']({ id: 'one', format: 'sdk-node' }, EXTENSION);
    await handlers['created.copyAs']({ id: 'two', format: 'curl' }, EXTENSION);
    expect(await handlers['copyAs.last']({}, EXTENSION)).toEqual({
      backend: 'sdk-node',
      personal: 'curl',
    });
  });

  test('can be chosen beforehand for a kind, and be none again', async () => {
    const { handlers, local } = setUp();
    const prefer = (kind: 'backend' | 'personal', format: 'sdk-node' | 'curl' | null) =>
      handlers['copyAs.prefer']({ kind, format }, EXTENSION);
    await prefer('backend', 'sdk-node');
    expect(await prefer('personal', 'curl')).toEqual({
      ok: true,
      formats: { backend: 'sdk-node', personal: 'curl' },
    });
    expect(await prefer('backend', null)).toEqual({ ok: true, formats: { personal: 'curl' } });
    expect(await local.read('copy-formats')).toEqual({ personal: 'curl' });
  });

  test('is never one that its kind has not', async () => {
    const { handlers } = setUp();
    const request = { kind: 'personal', format: 'sdk-go' } as const;
    expect(await handlers['copyAs.prefer'](request, EXTENSION)).toMatchObject({
      ok: false,
      code: 'copy-as.kind',
    });
    expect(await handlers['copyAs.last']({}, EXTENSION)).toEqual({});
  });

  test('need not come from "Just created"', async () => {
    const { keeper, local, clipboard } = setUp();
    const facts = { kind: 'frontend', baseUrl: BASE, name: 'web' } as const;
    const answer = await copyAs({ clipboard: keeper, local }, SECRET, facts, 'plain');
    expect(answer).toMatchObject({ ok: true, copy: { createdId: null } });
    expect(clipboard.text).toBe(SECRET);
  });
});

describe('what stands in the way', () => {
  test('a token that is no longer kept', async () => {
    const { handlers } = setUp();
    const answer = await handlers['created.copyAs']({ id: 'x', format: 'plain' }, EXTENSION);
    expect(answer).toMatchObject({ ok: false, code: 'gone' });
  });

  test('a format that is not for its kind: nothing is copied, nothing remembered', async () => {
    const { handlers, keep, clipboard } = setUp();
    await keep('one', 'personal');
    const answer = await handlers['created.copyAs']({ id: 'one', format: 'sdk-go' }, EXTENSION);
    expect(answer).toMatchObject({ ok: false, code: 'copy-as.kind' });
    expect(clipboard.text).toBe('');
    expect(await handlers['copyAs.last']({}, EXTENSION)).toEqual({});
  });

  test('a clipboard that refuses: the answer says what to do, and what was there before counts on', async () => {
    const { handlers, keep, keeper, clipboard } = setUp();
    await keep('one');
    await keeper.copy(SECRET, 'one');
    clipboard.refuses = true;
    const answer = await handlers['created.copyAs']({ id: 'one', format: 'dotenv' }, EXTENSION);
    expect(answer).toMatchObject({ ok: false, code: 'clipboard.refused' });
    clipboard.refuses = false;
    await keeper.clearIfHolding(SECRET);
    expect(clipboard.text).toBe('');
  });

  test.each([
    ['of another version', { backend: 'sdk-cobol', personal: 'curl' }, { personal: 'curl' }],
    ['that is broken', 'curl', {}],
    ['that is a list', [1, null], {}],
  ])('a choice %s is as good as none', async (_, kept, last) => {
    const { handlers, local } = setUp();
    await local.write('copy-formats', kept);
    expect(await handlers['copyAs.last']({}, EXTENSION)).toEqual(last);
  });
});
