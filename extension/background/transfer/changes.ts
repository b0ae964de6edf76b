import { hostPattern } from '../../platform/match-pattern.ts';
import type {
  Instance,
  Recipe,
  Settings,
  SettingsInForce,
  TransferChange,
  TransferPreview,
} from '../../platform/messages.ts';
import { instanceOf } from '../instances.ts';
import { recipeKey, type SettingsFile } from './settings-file.ts';

/** What is set in this browser at the moment. */
export type Present = { settings: SettingsInForce; instances: Instance[]; recipes: Recipe[] };

/** What taking a file would change here. What is the same already, and what an administrator has set, is no change. */
export function changesOf(file: SettingsFile, present: Present): TransferPreview {
  const { managed } = present.settings;
  const keys = (Object.keys(file.settings) as (keyof Settings)[]).filter(
    (key) => !same(file.settings[key], present.settings[key]),
  );
  const changes: TransferChange[] = keys
    .filter((key) => !managed.keys.includes(key))
    .map(
      (key) =>
        ({
          of: 'setting',
          key,
          before: present.settings[key],
          after: file.settings[key],
        }) as TransferChange,
    );
  const hosts = new Set<string>();
  for (const { id, name } of file.instances) {
    const there = present.instances.find((instance) => instance.id === id);
    if (there === undefined) {
      const instance = instanceOf(id);
      hosts.add(hostPattern(instance.origin));
      changes.push({ of: 'instance', change: 'added', id, name: name ?? instance.name });
    } else if (name !== null && name !== there.name && !managed.instances.includes(id)) {
      changes.push({ of: 'instance', change: 'renamed', id, name });
    }
  }
  for (const recipe of file.recipes) {
    const there = present.recipes.find((one) => recipeKey(one) === recipeKey(recipe));
    if (there === undefined) changes.push({ of: 'recipe', change: 'added', name: recipe.name });
    else if (!same({ ...there, ...recipe }, there)) {
      changes.push({ of: 'recipe', change: 'replaced', name: recipe.name });
    }
  }
  return {
    ok: true,
    changes,
    unknown: file.unknown,
    locked: keys.filter((key) => managed.keys.includes(key)),
    hosts: [...hosts],
  };
}

/** Both are plain data, and were made with their names in one order. */
function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
