import { describe, expect, test } from 'vitest';
import {
  type Badge,
  createExpiryWatch,
  EXPIRY_ALARM,
  instanceOfNotice,
} from '../../extension/background/expiry-watch.ts';
import { instanceOf } from '../../extension/background/instances.ts';
import type { KnownToken, ReadList } from '../../extension/background/token-list.ts';
import type { Instance } from '../../extension/platform/messages.ts';
import type { Notice } from '../../extension/platform/notifications.ts';
import { fakeAlarms, fakeStore } from './background-fake-browser.ts';

const START = Date.parse('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function token(name: string, endsIn: number | null, mark = `mark of ${name}`): KnownToken {
  return {
    mark,
    patId: null,
    revoke: 'global',
    row: {
      id: name,
      kind: 'backend',
      name,
      projects: ['*'],
      environment: 'production',
      expiresAt: endsIn === null ? null : new Date(START + endsIn).toISOString(),
      createdAt: null,
      seenAt: null,
      may: { copy: true, extend: true, create: true, revoke: true },
    },
  };
}

function setUp() {
  const local = fakeStore();
  const alarms = fakeAlarms();
  const clock = { now: START };
  const settings = {
    expiryBadge: true,
    expiryNotifications: true,
    expiryMuted: [] as string[],
    expiryDays: 7 as const,
  };
  const world = {
    instances: [instanceOf('https://a.example')] as Instance[],
    reachable: true,
    /** What each server says; an instance without an entry is not logged in. */
    servers: {} as Record<string, KnownToken[]>,
    kept: new Map<string, ReadList>(),
    requests: 0,
  };
  const shown = { badge: null as Badge | null, notices: [] as Notice[] };
  const start = () =>
    createExpiryWatch({
      local,
      alarms,
      instances: {
        list: async () => ({ instances: world.instances }),
        mayReach: async () => world.reachable,
      },
      tokens: {
        async readFacts({ id }) {
          world.requests += 1;
          const tokens = world.servers[id];
          if (!tokens) return { ok: false, code: 'auth.not-logged-in', title: '', message: '' };
          const list: ReadList = { tokens, api: 'all', personal: null };
          world.kept.set(id, list);
          return { ok: true, list };
        },
        kept: async (id) => world.kept.get(id) ?? null,
      },
      settings: async () => settings,
      showBadge: async (badge) => {
        shown.badge = badge;
      },
      notify: async (notice) => void shown.notices.push(notice),
      now: () => clock.now,
    });
  const says = (tokens: KnownToken[], id = 'https://a.example') => {
    world.servers[id] = tokens;
  };
  return { start, local, alarms, clock, settings, world, shown, says };
}

describe('the watch for tokens that end soon', () => {
  test('counts those that end within the days that are set, on every instance', async () => {
    const { start, world, shown, says } = setUp();
    world.instances.push(instanceOf('https://b.example/flags'));
    says([
      token('soon', 6 * DAY),
      token('later', 8 * DAY),
      token('never', null),
      token('over', -HOUR),
      { ...token('odd', 0), row: { ...token('odd', 0).row, expiresAt: 'tomorrow' } },
    ]);
    says([token('edge', 7 * DAY)], 'https://b.example/flags');
    await start().check();
    expect(shown.badge).toEqual({ count: 2, title: '2 tokens end within 7 days' });
  });

  test('takes the number away when nothing is due any more, or it is not wanted', async () => {
    const { start, shown, says, settings, world } = setUp();
    says([token('soon', DAY)]);
    await start().check();
    expect(shown.badge?.title).toBe('1 token ends within 7 days');
    settings.expiryBadge = false;
    await start().recount();
    expect(shown.badge).toBeNull();
    settings.expiryBadge = true;
    await start().recount();
    expect(shown.badge?.count).toBe(1);
    expect(world.requests).toBe(1);
    says([]);
    await start().check();
    expect(shown.badge).toBeNull();
  });

  test('looks again in 6 hours, and a minute after the start', async () => {
    const { start, alarms } = setUp();
    await start().checkSoon();
    expect(alarms.at(EXPIRY_ALARM)).toBe(START + 60_000);
    await start().check();
    expect(alarms.at(EXPIRY_ALARM)).toBe(START + 6 * HOUR);
  });

  test('is silent where nobody is logged in or the permission is missing', async () => {
    const { start, shown, world, says } = setUp();
    await start().check();
    expect([shown.badge, shown.notices]).toEqual([null, []]);
    says([token('soon', DAY)]);
    world.reachable = false;
    world.requests = 0;
    await start().check();
    expect([shown.badge, shown.notices, world.requests]).toEqual([null, [], 0]);
  });

  test('asks the other instances though one of them fails', async () => {
    const { start, shown, world, says } = setUp();
    world.instances.unshift(instanceOf('https://down.example'));
    says([token('soon', DAY)]);
    await start().check();
    expect(shown.badge?.count).toBe(1);
  });
});

describe('notifications of tokens that end soon', () => {
  test('come once when the end is near, and once more on the last day', async () => {
    const { start, shown, says, clock } = setUp();
    says([token('terraform', 6 * DAY)]);
    await start().check();
    await start().check();
    expect(shown.notices).toEqual([
      {
        id: 'expiry:https://a.example',
        title: 'A token of a.example ends within 7 days',
        message: 'terraform',
      },
    ]);
    clock.now = START + 5.5 * DAY;
    await start().check();
    await start().check();
    expect(shown.notices.map(({ title }) => title)).toEqual([
      'A token of a.example ends within 7 days',
      'A token of a.example ends within a day',
    ]);
  });

  test('come once in all for a token that is first seen on its last day', async () => {
    const { start, shown, says } = setUp();
    says([token('late', 2 * HOUR)]);
    await start().check();
    await start().check();
    expect(shown.notices.map(({ title }) => title)).toEqual([
      'A token of a.example ends within a day',
    ]);
  });

  test('come again for a token that was extended and comes near its end again', async () => {
    const { start, shown, says, clock } = setUp();
    says([token('ci', 6 * DAY)]);
    await start().check();
    says([token('ci', 40 * DAY)]);
    await start().check();
    clock.now = START + 35 * DAY;
    await start().check();
    expect(shown.notices).toHaveLength(2);
  });

  test('are not repeated after a start of the browser with nobody logged in', async () => {
    const { start, shown, says, world } = setUp();
    says([token('ci', 6 * DAY)]);
    await start().check();
    world.kept.clear();
    world.servers = {};
    await start().check();
    says([token('ci', 6 * DAY)]);
    await start().check();
    expect(shown.notices).toHaveLength(1);
  });

  test('are off unless wanted, and off for one instance alone where that is muted', async () => {
    const { start, shown, says, settings, world } = setUp();
    world.instances.push(instanceOf('https://b.example'));
    says([token('one', DAY)]);
    says([token('two', DAY)], 'https://b.example');
    settings.expiryNotifications = false;
    await start().check();
    expect(shown.notices).toEqual([]);
    settings.expiryNotifications = true;
    settings.expiryMuted = ['https://a.example'];
    await start().check();
    expect(shown.notices.map(({ id }) => instanceOfNotice(id))).toEqual(['https://b.example']);
  });

  test('name three and count the rest, and no name floods them', async () => {
    const { start, shown, says } = setUp();
    says(['a', 'b', 'x'.repeat(500), 'd', 'e'].map((name) => token(name, 3 * DAY)));
    await start().check();
    const [notice] = shown.notices;
    expect(notice?.title).toBe('5 tokens of a.example end within 7 days');
    expect(notice?.message).toBe(`a, b, ${'x'.repeat(80)}… and 2 more`);
  });

  test('leave hashes on the disk: no key, no name, and nothing of an instance that is gone', async () => {
    const { start, says, local, world } = setUp();
    says([token('named', DAY)]);
    await start().check();
    const kept = JSON.stringify(local.all());
    expect(kept).not.toContain('a'.repeat(8));
    expect(kept).not.toContain('named');
    expect(kept).toMatch(/[0-9a-f]{64}/);
    world.instances = [];
    await start().check();
    expect(local.all()).toEqual({ 'expiry-told': {} });
  });

  test('go on where what lies on the disk is damaged', async () => {
    const { start, says, local, shown } = setUp();
    await local.write('expiry-told', { 'https://a.example': 'nonsense' });
    says([token('ci', DAY)]);
    await start().check();
    expect(shown.notices).toHaveLength(1);
  });
});

test('other notifications are about no instance', () => {
  expect(instanceOfNotice('copy-last-again')).toBeNull();
});
