import { signal } from '@preact/signals';
import { describe, expect, test, vi } from 'vitest';
import type { TokenList, TokenRow } from '../../extension/platform/messages.ts';
import type { Send } from '../../extension/platform/send.ts';
import {
  EVERYTHING,
  expiredRows,
  formLike,
  linesOf,
  matching,
  unusedRows,
} from '../../extension/popup/tokens/rows.ts';
import { createTokens } from '../../extension/popup/tokens/store.ts';
import { expiryMark, seenWords } from '../../extension/popup/words/tokens.ts';
import { indexesIn } from '../../extension/ui/windowed-list.tsx';

const NOW = Date.UTC(2026, 10, 24, 12);
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(NOW + days * DAY_MS).toISOString();

const row = (part: Partial<TokenRow> & { id: string }): TokenRow => ({
  kind: 'backend',
  name: part.id,
  projects: ['default'],
  environment: 'production',
  expiresAt: null,
  createdAt: inDays(-200),
  seenAt: null,
  may: { copy: true, extend: true, create: true, revoke: true },
  endsAt: null,
  ...part,
});

const listOf = (tokens: TokenRow[]): TokenList => ({
  tokens,
  api: 'all',
  personal: { owner: 'ada', used: 7, limit: 10 },
});

describe('the lines of the list', () => {
  const list = listOf([
    row({ id: 'web-10' }),
    row({ id: 'web-9', expiresAt: inDays(200) }),
    row({ id: 'edge', expiresAt: inDays(2) }),
    row({ id: 'gone', expiresAt: inDays(-3) }),
    row({ id: 'laptop', kind: 'personal', projects: [], environment: null, expiresAt: inDays(5) }),
    row({ id: 'script', kind: 'personal', projects: [], environment: null }),
  ]);
  const keys = (view = EVERYTHING) => linesOf(list, view, NOW).map(({ key }) => key);

  test('count as soon what the setting says', () => {
    const soon = (days: number) =>
      linesOf(list, EVERYTHING, NOW, days)
        .map(({ key }) => key)
        .slice(0, 3);
    expect(soon(3)).toEqual(['head soon', 'edge', 'head api']);
    expect(soon(7)).toEqual(['head soon', 'edge', 'laptop']);
    expect(expiryMark(inDays(5), NOW, 3).tone).toBe('plain');
    expect(expiryMark(inDays(20), NOW, 30).tone).toBe('warn');
  });

  test('have what expires soon on top, each token once, and numbers in their order', () => {
    expect(keys()).toEqual([
      'head soon',
      'edge',
      'laptop',
      'head api',
      'gone',
      'web-9',
      'web-10',
      'head personal',
      'script',
    ]);
  });

  test('are sorted as asked, what has no date last', () => {
    expect(keys({ ...EVERYTHING, sort: 'expiry' }).slice(4, 7)).toEqual([
      'gone',
      'web-9',
      'web-10',
    ]);
  });

  test('leave out what does not match, and groups with it', () => {
    expect(keys({ ...EVERYTHING, kind: 'personal', search: 'SCR' })).toEqual([
      'head personal',
      'script',
    ]);
  });

  test('of a project have those of all projects too', () => {
    const rows = [
      row({ id: 'a', projects: ['*'] }),
      row({ id: 'b', projects: ['x', 'y'] }),
      row({ id: 'c' }),
    ];
    expect(matching(rows, { ...EVERYTHING, project: 'x' }).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('several at once', () => {
  test('are those that have expired and may be revoked', () => {
    const no = { copy: true, extend: false, create: false, revoke: false };
    const rows = [
      row({ id: 'a', expiresAt: inDays(-1) }),
      row({ id: 'b', expiresAt: inDays(-1), may: no }),
      row({ id: 'c', expiresAt: inDays(1) }),
    ];
    expect(expiredRows(rows, NOW).map(({ id }) => id)).toEqual(['a']);
  });

  test('are those that nobody used for so long; one that is new is spared though it was never used', () => {
    const rows = [
      row({ id: 'old' }),
      row({ id: 'new', createdAt: inDays(-3) }),
      row({ id: 'used', seenAt: inDays(-89) }),
      row({ id: 'unused', seenAt: inDays(-91) }),
      row({ id: 'unknown', createdAt: null }),
      row({ id: 'unreadable', seenAt: 'yesterday' }),
    ];
    expect(unusedRows(rows, 90, NOW).map(({ id }) => id)).toEqual(['old', 'unused']);
  });
});

describe('another token like one', () => {
  test.each([
    [inDays(20), inDays(-10), { expires: '30' }],
    [null, inDays(-10), { expires: 'never' }],
    [inDays(100), inDays(0), { expires: 'custom' }],
    [inDays(100), null, { expires: '30' }],
  ])('that ends %s and was made %s', (expiresAt, createdAt, form) => {
    const old = row({ id: 'a', name: 'web', expiresAt, createdAt });
    expect(formLike(old, [old], NOW)).toMatchObject({
      kind: 'backend',
      name: 'web-2',
      projects: ['default'],
      environment: 'production',
      ...form,
    });
  });
});

describe('the words of a row', () => {
  test.each([
    [null, 'plain', 'No expiry'],
    [inDays(2), 'warn', 'in 2 days'],
    [inDays(0.1), 'warn', 'in 2 h'],
    [inDays(12), 'plain', 'in 12 days'],
    ['nonsense', 'plain', 'Expiry not known'],
  ])('for an end at %s', (expiresAt, tone, text) => {
    expect(expiryMark(expiresAt, NOW, undefined, 'en-GB')).toEqual({ tone, text });
  });

  test('say when it ended, and when it was used', () => {
    expect(expiryMark('2026-11-03T12:00:00Z', NOW, undefined, 'en-GB')).toEqual({
      tone: 'danger',
      text: 'Expired 3 Nov',
    });
    expect(seenWords(null, NOW)).toBe('never used');
    expect(seenWords(inDays(-94), NOW)).toBe('used 94 days ago');
    // A server whose clock is ahead of ours.
    expect(seenWords(inDays(1), NOW)).toBe('used just now');
  });
});

describe('a windowed list', () => {
  test('has what can be seen and a little more, and the line with the focus wherever that is', () => {
    const tops = Array.from({ length: 1001 }, (_, index) => index * 44);
    const shown = indexesIn(tops, { top: 20_000, height: 440 }, 3, 1000);
    expect(shown.length).toBeLessThan(40);
    expect(shown[0]).toBe(3);
    expect(shown).toContain(454);
    expect(indexesIn(tops, { top: 0, height: 440 }, -1, 1000)[0]).toBe(0);
    expect(indexesIn([0], { top: 0, height: 440 }, -1, 0)).toEqual([]);
  });
});

describe('the store of the tab', () => {
  const instance = { id: 'https://u', origin: 'https://u', basePath: '', name: 'u' };
  function setUp(answers: Record<string, unknown>) {
    const send = vi.fn(async (name: string) => {
      if (!(name in answers)) throw new Error(`nobody expected ${name}`);
      const answer = answers[name];
      return typeof answer === 'function' ? answer() : answer;
    });
    const tokens = createTokens({
      send: send as unknown as Send,
      now: () => NOW,
      current: signal(instance),
      soonDays: signal(7),
      adopt: () => undefined,
      fillForm: () => undefined,
    });
    return { tokens, send, answers };
  }
  const opened = { view: null, list: null, revoking: null, troubles: [] };

  test('does not let a late answer take back what was typed meanwhile', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const { tokens } = setUp({
      'tokens.open': () => new Promise((resolve) => (answer = resolve)),
      'tokens.writeView': { ok: true },
    });
    const opening = tokens.open(instance.id);
    tokens.look({ search: 'new' });
    answer({ ...opened, view: { ...EVERYTHING, search: 'old' } });
    await opening;
    expect(tokens.view.value.search).toBe('new');
  });

  test('shows the list of the last question, whichever answer comes first', async () => {
    const waiting: ((value: unknown) => void)[] = [];
    const { tokens } = setUp({
      'tokens.list': () => new Promise((resolve) => waiting.push(resolve)),
    });
    const both = [tokens.refresh(), tokens.refresh()];
    waiting[1]?.({ ok: true, list: listOf([row({ id: 'second' })]) });
    waiting[0]?.({ ok: true, list: listOf([row({ id: 'first' })]) });
    await Promise.all(both);
    expect(tokens.list.value?.tokens[0]?.id).toBe('second');
  });

  test('keeps the list on screen when it cannot be read anew, and says so', async () => {
    const { tokens, answers } = setUp({
      'tokens.list': { ok: true, list: listOf([row({ id: 'a' })]) },
    });
    await tokens.refresh();
    answers['tokens.list'] = { ok: false, code: 'server.timeout', title: 't', message: 'm' };
    await tokens.refresh();
    expect(tokens.list.value?.tokens).toHaveLength(1);
    expect(tokens.failure.value?.code).toBe('server.timeout');
  });

  test('says of what was due only that it is gone when the list says so: another popup may have undone it', async () => {
    const revoking = { ids: ['a', 'b'], names: ['A', 'B'], dueAt: NOW };
    const { tokens, answers } = setUp({
      'tokens.open': { ...opened, revoking },
      'tokens.revoking': { revoking, troubles: [] },
      'tokens.list': { ok: true, list: listOf([row({ id: 'b' })]) },
    });
    await tokens.open(instance.id);
    expect(await tokens.settle()).toBeNull();
    answers['tokens.revoking'] = { revoking: null, troubles: [] };
    expect(await tokens.settle()).toEqual(['A']);
  });

  test('opens at the format that was chosen last, by whichever row', async () => {
    const copy = { copiedAt: NOW, clearsAt: null, delaySeconds: null, blind: false };
    const { tokens } = setUp({
      'tokens.open': opened,
      'copyAs.last': { backend: 'curl', frontend: 'plain' },
      'tokens.copyAs': { ok: true, copy },
    });
    await tokens.open(instance.id);
    expect(tokens.formats.value).toEqual({ backend: 'curl', frontend: 'plain' });
    await tokens.copyAs(row({ id: 'a', name: 'web' }), 'dotenv');
    expect(tokens.formats.value).toEqual({ backend: 'dotenv', frontend: 'plain' });
    expect(tokens.copied.value).toEqual({ name: 'web', copy, format: 'dotenv' });
  });

  test('does one act at a time, and shows what went wrong with it', async () => {
    const gone = { ok: false, code: 'tokens.gone', title: 'gone', message: 'm' };
    const { tokens, send } = setUp({
      'tokens.copy': gone,
      'tokens.list': { ok: true, list: listOf([]) },
    });
    await Promise.all([tokens.copy(row({ id: 'a' })), tokens.copy(row({ id: 'a' }))]);
    expect(send.mock.calls.filter(([name]) => name === 'tokens.copy')).toHaveLength(1);
    expect(tokens.problem.value).toEqual(gone);
    await vi.waitFor(() => expect(tokens.list.value?.tokens).toEqual([]));
  });
});
