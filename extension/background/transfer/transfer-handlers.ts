import type { Recipe } from '../../platform/messages.ts';
import type { BackgroundParts } from '../background-parts.ts';
import { instanceOf } from '../instances.ts';
import type { Handlers } from '../message-router.ts';
import { RECIPES_LIMIT } from '../recipes.ts';
import { changesOf, type Present } from './changes.ts';
import { long, noRoom } from './file-refusals.ts';
import {
  readSettingsFile,
  recipeKey,
  type SettingsFile,
  writeSettingsFile,
} from './settings-file.ts';

type TransferMessage = 'transfer.export' | 'transfer.preview' | 'transfer.take';

/** Settings, instances and recipes to a file and from one. */
export function transferHandlers(parts: BackgroundParts): Pick<Handlers, TransferMessage> {
  const { local, settings, instances, recipes, randomId } = parts;

  async function present(): Promise<Present> {
    const [set, { instances: all }, { recipes: kept }] = await Promise.all([
      settings.read(),
      instances.list(),
      recipes.list(null),
    ]);
    return { settings: set, instances: all, recipes: kept };
  }

  /** While nobody else writes any of the three: what is read here is written back. */
  const alone = <T>(work: () => Promise<T>): Promise<T> =>
    settings.alone(() => instances.alone(() => recipes.alone(work)));

  /** In one write, so that a browser that ends or has no room keeps the old or the new, and nothing between. */
  async function take(file: SettingsFile): Promise<void> {
    const [oldSettings, oldInstances, oldRecipes] = await Promise.all(
      ['settings', 'instances', 'recipes'].map((key) => local.read(key)),
    );
    await local.writeAll({
      settings: { ...(isObject(oldSettings) ? oldSettings : {}), ...file.settings },
      instances: withInstances(Array.isArray(oldInstances) ? oldInstances : [], file),
      recipes: withRecipes(Array.isArray(oldRecipes) ? oldRecipes : [], file, randomId),
    });
  }

  return {
    async 'transfer.export'() {
      const { settings: set, instances: all, recipes: kept } = await present();
      const { managed, ...own } = set;
      return {
        text: writeSettingsFile({
          settings: own,
          instances: all.map(({ id, name }) => ({ id, name })),
          recipes: kept.map(({ id, lastUsedAt, ...recipe }) => recipe),
        }),
      };
    },
    async 'transfer.preview'({ text }) {
      const read = readSettingsFile(text);
      return read.ok ? changesOf(read.value, await present()) : read;
    },
    async 'transfer.take'({ text }) {
      const read = readSettingsFile(text);
      if (!read.ok) return read;
      const taken = await alone(async () => {
        const before = await present();
        const { changes } = changesOf(read.value, before);
        const added = changes.filter((one) => one.of === 'recipe' && one.change === 'added').length;
        if (before.recipes.length + added > RECIPES_LIMIT) return long('recipes', RECIPES_LIMIT);
        try {
          await take(read.value);
        } catch {
          return noRoom();
        }
        return { ok: true as const, changes: changes.length };
      });
      if (taken.ok) await instances.refresh();
      return taken;
    },
  };
}

type Entry = Record<string, unknown>;

function isObject(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What lies there stays, also what this version cannot read; names are taken over, the rest comes behind it. */
function withInstances(old: unknown[], { instances }: SettingsFile): unknown[] {
  const named = old.map((entry) => {
    const name = instances.find(({ id }) => isObject(entry) && entry.id === id)?.name;
    return isObject(entry) && typeof name === 'string' ? { ...entry, name } : entry;
  });
  const there = new Set(old.map((entry) => (isObject(entry) ? entry.id : null)));
  const added = instances
    .filter(({ id }) => !there.has(id))
    .map(({ id, name }) => ({ ...instanceOf(id), ...(name === null ? {} : { name }) }));
  return [...named, ...added];
}

function withRecipes(old: unknown[], { recipes }: SettingsFile, randomId: () => string): unknown[] {
  const wanted = new Map(recipes.map((recipe) => [recipeKey(recipe), recipe]));
  const replaced = old.map((entry) => {
    if (!isObject(entry)) return entry;
    const key = recipeKey(entry as Recipe);
    const recipe = wanted.get(key);
    wanted.delete(key);
    return recipe === undefined ? entry : { ...entry, ...recipe };
  });
  const added = [...wanted.values()].map((recipe) => ({
    ...recipe,
    id: randomId(),
    lastUsedAt: null,
  }));
  return [...replaced, ...added];
}
