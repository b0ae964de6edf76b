import { describe, expect, test } from 'vitest';
import type { BackgroundParts } from '../../extension/background/background-parts.ts';
import { createInstances } from '../../extension/background/instances.ts';
import { createRecipes } from '../../extension/background/recipes.ts';
import { createSettings } from '../../extension/background/settings.ts';
import { transferHandlers } from '../../extension/background/transfer/transfer-handlers.ts';
import type { RecipeToSave, Settings } from '../../extension/platform/messages.ts';
import { fakeStore } from './background-fake-browser.ts';

const EXTENSION = { from: 'extension' } as const;
const RECIPE: RecipeToSave = {
  id: null,
  name: 'CI',
  instanceId: null,
  kind: 'backend',
  projects: ['*'],
  environments: ['production'],
  expiresInDays: 30,
  namePattern: 'ci-{date}',
  oneEach: false,
};

function browser(set: Partial<Settings> = {}) {
  const local = fakeStore();
  let ids = 0;
  const randomId = () => `id-${++ids}`;
  const seen = { refreshed: 0 };
  const parts = {
    local,
    randomId,
    settings: createSettings({
      local,
      policy: async () => ({ settings: set, clearAfterSecondsMax: null, instances: [] }),
    }),
    instances: createInstances({
      local,
      managed: async () => [],
      mayReach: async () => true,
      changed: async () => {
        seen.refreshed += 1;
      },
    }),
    recipes: createRecipes({ local, now: () => 1, randomId }),
  };
  const handlers = transferHandlers(parts as unknown as BackgroundParts);
  return {
    ...parts,
    seen,
    export: async () => (await handlers['transfer.export']({}, EXTENSION)).text,
    preview: (text: string) => handlers['transfer.preview']({ text }, EXTENSION),
    take: (text: string) => handlers['transfer.take']({ text }, EXTENSION),
  };
}

async function furnished() {
  const old = browser();
  await old.settings.write({ clearAfterSeconds: 120, theme: 'dark' });
  await old.instances.add('https://a.example/flags');
  await old.instances.rename('https://a.example/flags', 'Acme');
  await old.recipes.save(RECIPE);
  return old;
}

describe('settings on their way to another browser', () => {
  test('are shown before they are taken, and are the same there afterwards', async () => {
    const old = await furnished();
    const text = await old.export();
    const fresh = browser();
    const before = fresh.local.all();
    expect(await fresh.preview(text)).toEqual({
      ok: true,
      changes: [
        { of: 'setting', key: 'clearAfterSeconds', before: 30, after: 120 },
        { of: 'setting', key: 'theme', before: 'system', after: 'dark' },
        { of: 'instance', change: 'added', id: 'https://a.example/flags', name: 'Acme' },
        { of: 'recipe', change: 'added', name: 'CI' },
      ],
      unknown: [],
      locked: [],
      hosts: ['https://a.example/*'],
    });
    expect(fresh.local.all()).toEqual(before);
    expect(await fresh.take(text)).toEqual({ ok: true, changes: 4 });
    expect(fresh.seen.refreshed).toBe(1);
    expect(await fresh.export()).toBe(text);
    expect(await fresh.preview(text)).toMatchObject({ changes: [], hosts: [] });
  });

  test('take nothing back that is written at the same moment, nor lose to it', async () => {
    const text = await (await furnished()).export();
    // Whichever is first reads, and the other writes in between.
    for (let turns = 0; turns < 12; turns += 1) {
      const fresh = browser();
      const later = async (work: () => Promise<unknown>) => {
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        await work();
      };
      await Promise.all([
        fresh.take(text),
        later(() => fresh.settings.write({ expiryDays: 14 })),
        later(() => fresh.instances.add('https://c.example')),
        later(() => fresh.recipes.save({ ...RECIPE, name: 'Mine' })),
      ]);
      expect(await fresh.settings.read()).toMatchObject({ expiryDays: 14, theme: 'dark' });
      const ids = (await fresh.instances.list()).instances.map(({ id }) => id).sort();
      expect(ids).toEqual(['https://a.example/flags', 'https://c.example']);
      const names = (await fresh.recipes.list(null)).recipes.map(({ name }) => name).sort();
      expect(names).toEqual(['CI', 'Mine']);
    }
  });

  test('remove nothing, and keep what another version has stored', async () => {
    const text = await (await furnished()).export();
    const fresh = browser();
    await fresh.local.writeAll({
      settings: { fromTheFuture: 1 },
      instances: [{ id: 'https://b.example', kind: 'cluster' }],
    });
    await fresh.recipes.save({ ...RECIPE, name: 'Mine' });
    await fresh.take(text);
    const all = fresh.local.all();
    expect(all.settings).toMatchObject({ fromTheFuture: 1, theme: 'dark' });
    expect(all.instances).toHaveLength(2);
    expect((await fresh.recipes.list(null)).recipes.map(({ name }) => name)).toEqual([
      'Mine',
      'CI',
    ]);
  });

  test('leave alone what an administrator has set, and say so', async () => {
    const fresh = browser({ theme: 'light' });
    const preview = await fresh.preview(await (await furnished()).export());
    expect(preview).toMatchObject({ ok: true, locked: ['theme'] });
    expect(preview.ok && preview.changes).not.toContainEqual(
      expect.objectContaining({ key: 'theme' }),
    );
  });

  test('are not half taken where the browser has no room', async () => {
    const text = await (await furnished()).export();
    const fresh = browser();
    fresh.local.writeAll = async () => {
      throw new Error('QUOTA_BYTES');
    };
    expect(await fresh.take(text)).toMatchObject({ ok: false, code: 'file.no-room' });
    expect(fresh.local.all()).toEqual({});
  });
});
