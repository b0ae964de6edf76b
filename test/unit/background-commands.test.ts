import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { BackgroundParts } from '../../extension/background/background-parts.ts';
import { createClipboardKeeper } from '../../extension/background/clipboard/clipboard-keeper.ts';
import { COMMANDS, runCommand } from '../../extension/background/commands/registry.ts';
import { createContextMenu, menuClicked } from '../../extension/background/context-menu.ts';
import { readDraft } from '../../extension/background/drafts.ts';
import { createInstances, instanceOf } from '../../extension/background/instances.ts';
import { createJustCreated, type KeptToken } from '../../extension/background/just-created.ts';
import { formOfPath } from '../../extension/background/open-create.ts';
import type { Instance } from '../../extension/platform/messages.ts';
import type { Notice } from '../../extension/platform/notifications.ts';
import { fakeAlarms, fakeClipboard, fakeStore } from './background-fake-browser.ts';

const START = 1_800_000_000_000;
const BASE = 'https://unleash.example.com/flags';
const SECRET = `user:${'a'.repeat(56)}`;
const OTHER = `user:${'b'.repeat(56)}`;
const NO_TAB = { address: null, session: 'normal' } as const;

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

function kept(secret: string | null, createdAt: number): KeptToken {
  return {
    token: {
      id: `id-${createdAt}`,
      instanceId: BASE,
      kind: 'personal',
      name: 'laptop',
      projects: [],
      environment: null,
      expiresAt: null,
      owner: 'ada',
      masked: 'user:…',
      shownOnce: true,
      keptUntil: createdAt + 300_000,
      createdAt,
      sentTo: null,
    },
    secret,
    pat: null,
  };
}

async function setUp() {
  const clock = { now: START };
  const now = () => clock.now;
  const [local, session] = [fakeStore(), fakeStore()];
  const alarms = fakeAlarms();
  const clipboard = fakeClipboard({ withTimer: false });
  const notices: Notice[] = [];
  const opened: string[] = [];
  let ids = 0;
  const randomId = () => `copy-${++ids}`;
  const created = createJustCreated({ session, alarms, now });
  const instances = createInstances({
    local,
    managed: async () => [],
    mayReach: async () => true,
    changed: async () => {},
  });
  await instances.add(BASE);
  const parts = {
    local,
    session,
    instances,
    created,
    clipboard: createClipboardKeeper({
      access: clipboard.access,
      session,
      local,
      alarms,
      mayRead: async () => clipboard.state.mayRead,
      delaySeconds: async () => 30,
      now,
      randomId,
    }),
    openForm: async () => void opened.push('form'),
    openOptions: async () => void opened.push('options'),
    notify: async (notice: Notice) => void notices.push(notice),
    now,
    randomId,
  } as Partial<BackgroundParts> as BackgroundParts & { openOptions(): Promise<void> };
  return { parts, created, clipboard: clipboard.state, notices, opened, clock, session };
}

describe('the commands', () => {
  test('are those of the manifest, each with a file of its own and a text', () => {
    const { commands } = JSON.parse(read('manifest.json'));
    const messages = JSON.parse(read('extension/public/_locales/en/messages.json'));
    const { _execute_action: byBrowser, ...ours } = commands;
    expect(byBrowser.suggested_key).toBeDefined();
    expect(COMMANDS.map(({ id }) => id).sort()).toEqual(Object.keys(ours).sort());
    const folder = new URL('../../extension/background/commands/', import.meta.url);
    const files = readdirSync(folder).filter(
      (name) => !['command.ts', 'registry.ts'].includes(name),
    );
    expect(files.sort()).toEqual(COMMANDS.map(({ id }) => `${id}.ts`).sort());
    for (const command of Object.values(ours) as {
      description: string;
      suggested_key?: unknown;
    }[]) {
      expect(messages).toHaveProperty(command.description.slice('__MSG_'.length, -2));
      // Other programs hold most keys; whoever wants one binds it.
      expect(command.suggested_key).toBeUndefined();
    }
  });

  test('that nobody knows do nothing', async () => {
    const { parts, notices } = await setUp();
    await runCommand('toString', parts, NO_TAB);
    expect(notices).toEqual([]);
  });
});

describe('"Copy last token again"', () => {
  test('copies the newest token that is still kept, with a new deadline', async () => {
    const { parts, created, clipboard, notices, clock, session } = await setUp();
    await created.add(kept(OTHER, START - 60_000));
    await created.add(kept(SECRET, START - 30_000));
    await created.add(kept(null, START - 1_000));
    clock.now = START + 5_000;
    await runCommand('copy-last-again', parts, NO_TAB);
    expect(clipboard.text).toBe(SECRET);
    expect(session.all()).toMatchObject({
      clipboard: { deadline: START + 35_000, createdId: `id-${START - 30_000}` },
    });
    expect(notices).toEqual([
      {
        id: 'copy-last-again',
        title: 'Copied laptop again',
        message: 'The clipboard is cleared in 30 s, whatever is there then.',
      },
    ]);
  });

  test('says so where none is kept any more, and leaves the clipboard alone', async () => {
    const { parts, created, clipboard, notices, clock } = await setUp();
    await created.add(kept(SECRET, START));
    clipboard.text = 'my own words';
    clock.now = START + 300_000;
    await runCommand('copy-last-again', parts, NO_TAB);
    expect(clipboard.text).toBe('my own words');
    expect(notices.map(({ title }) => title)).toEqual(['No token is kept any more']);
  });

  test('says so where the browser will not write, and tells no secret', async () => {
    const { parts, created, clipboard, notices } = await setUp();
    await created.add(kept(SECRET, START));
    clipboard.refuses = true;
    await runCommand('copy-last-again', parts, NO_TAB);
    expect(notices.map(({ title }) => title)).toEqual(['The token was not copied']);
    expect(JSON.stringify(notices)).not.toContain('a'.repeat(8));
  });
});

describe('a secret that is kept', () => {
  test('is let go of although the clock is set back by a day, and not at once', async () => {
    const { created, clock, session } = await setUp();
    await created.add(kept(SECRET, START));
    clock.now = START - 86_400_000;
    await created.sweep();
    expect((await created.last())?.secret).toBe(SECRET);
    clock.now += 300_000;
    await created.sweep();
    expect([await created.last(), session.all()]).toEqual([null, {}]);
  });

  test('is let go of when the clock is set ahead by a day', async () => {
    const { created, clock, session } = await setUp();
    await created.add(kept(SECRET, START));
    clock.now = START + 86_400_000;
    await created.sweep();
    expect([await created.last(), session.all()]).toEqual([null, {}]);
  });
});

describe('the context menu', () => {
  test('stands on the pages of the instances that there are, and follows them', async () => {
    let all: Instance[] = [instanceOf(BASE), instanceOf('http://localhost:4242')];
    const shown: unknown[][] = [];
    let running = 0;
    const menu = createContextMenu({
      instances: async () => all,
      async replace(items) {
        running += 1;
        expect(running).toBe(1);
        await Promise.resolve();
        running -= 1;
        shown.push(items);
      },
    });
    await Promise.all([menu.sync(), menu.sync()]);
    const patterns = ['http://localhost/*', BASE, `${BASE}/*`];
    expect(shown.at(-1)).toEqual([
      { id: 'create', title: 'Create a token here…', patterns },
      { id: 'copy-again', title: 'Copy last token again', patterns },
      { id: 'options', title: 'Open Tokenleash options', patterns },
    ]);
    all = [];
    await menu.sync();
    expect(shown.at(-1)).toEqual([]);
  });

  test('opens the form for the instance and the project of the page', async () => {
    const { parts, opened, session } = await setUp();
    await menuClicked({ id: 'create', pageUrl: `${BASE}/projects/web%20shop/features?q=1` }, parts);
    expect(opened).toEqual(['form']);
    const { form, tab } = await readDraft(session, BASE);
    expect(tab).toBe('create');
    expect(form).toMatchObject({ kind: 'backend', projects: ['web shop'] });
  });

  test.each(['https://elsewhere.example.com/flags', 'about:blank', ''])(
    'opens nothing on a page that is no instance, "%s", and says so',
    async (pageUrl) => {
      const { parts, opened, notices } = await setUp();
      await menuClicked({ id: 'create', pageUrl }, parts);
      expect(opened).toEqual([]);
      expect(notices.map(({ title }) => title)).toEqual(['This page is none of your instances']);
    },
  );

  test('copies the last token again and opens the options', async () => {
    const { parts, created, clipboard, opened } = await setUp();
    await created.add(kept(SECRET, START));
    await menuClicked({ id: 'copy-again', pageUrl: BASE }, parts);
    await menuClicked({ id: 'options', pageUrl: BASE }, parts);
    expect([clipboard.text, opened]).toEqual([SECRET, ['options']]);
  });

  test.each([
    ['/projects/default', 'backend', 'default'],
    ['/projects/default/features/one', 'backend', 'default'],
    ['/projects', 'backend', null],
    ['/projects/%E0%A4%A', 'backend', '%E0%A4%A'],
    ['/profile/personal-api-tokens', 'personal', null],
    ['/admin/api', 'backend', null],
    ['', 'backend', null],
  ])('on %s offers a %s token of project %s', (path, kind, project) => {
    expect(formOfPath(path)).toEqual({ kind, project, environment: null });
  });
});
