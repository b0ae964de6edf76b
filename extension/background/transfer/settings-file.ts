import * as v from 'valibot';
import { findTokens } from '../../../shared/token/grammar.ts';
import { candidateBaseUrls } from '../../../shared/unleash/base-url.ts';
import type { Failure, Recipe, Settings } from '../../platform/messages.ts';
import { SETTINGS_FILE_LIMIT } from '../../platform/settings-file-limit.ts';
import { nameRefusal } from '../instance-name.ts';
import { recipeToSave } from '../recipe-shape.ts';
import { SETTING_SHAPES } from '../setting-shapes.ts';
import * as refusal from './file-refusals.ts';

const PRODUCT = 'tokenleash';

/** The form of the file that this version writes, and the oldest that it reads. */
const VERSION = 1;
const OLDEST_VERSION = 1;

/** So many instances and recipes; more is no file of ours. */
const LIST_LIMIT = 100;

/** Names by which a file could reach into every object of the program. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

export type FileRecipe = Omit<Recipe, 'id' | 'lastUsedAt'>;

/** What a settings file holds: only what this version knows, each part checked. */
export type SettingsFile = {
  settings: Partial<Settings>;
  /** `name` null: the one that an instance has of itself. */
  instances: { id: string; name: string | null }[];
  recipes: FileRecipe[];
  /** Names in it that this version does not know. */
  unknown: string[];
};

type Read<T> = { ok: true; value: T } | Failure;
type Values = Record<string, unknown>;

/** The text of a settings file. */
export function writeSettingsFile(file: Omit<SettingsFile, 'unknown'>): string {
  const instances = file.instances.map(({ id, name }) =>
    name === null ? { url: id } : { url: id, name },
  );
  const { settings, recipes } = file;
  return `${JSON.stringify({ product: PRODUCT, version: VERSION, settings, instances, recipes }, null, 2)}\n`;
}

/**
 * Reads a settings file as a person may have edited it, or an attacker written it. Either all of it can be taken, or it
 * ends in a `file.*` that says where it is wrong.
 */
export function readSettingsFile(text: string): Read<SettingsFile> {
  if (new TextEncoder().encode(text).length > SETTINGS_FILE_LIMIT) return refusal.large();
  // Before anything else: what is in no way ours is not echoed either.
  if (findTokens(text).length > 0) return refusal.secret();
  const parsed = parse(text);
  // Once more as it reads: JSON spells a letter in several ways.
  if (holdsToken(parsed)) return refusal.secret();
  if (!isValues(parsed) || parsed.product !== PRODUCT) {
    return parsed === undefined ? refusal.broken() : refusal.other();
  }
  const { version } = parsed;
  if (typeof version !== 'number' || !Number.isInteger(version)) return refusal.other();
  if (version > VERSION) return refusal.newer();
  if (version < OLDEST_VERSION) return refusal.older();
  const forbidden = forbiddenName(parsed);
  if (forbidden !== null) return refusal.hostile(forbidden);
  const settings = readSettings(parsed.settings ?? {});
  if (!settings.ok) return settings;
  const instances = readList('instances', parsed.instances, readInstance);
  if (!instances.ok) return instances;
  const recipes = readList('recipes', parsed.recipes, readRecipe);
  if (!recipes.ok) return recipes;
  const known = ['product', 'version', 'settings', 'instances', 'recipes'];
  const unknown = Object.keys(parsed).filter((name) => !known.includes(name));
  return {
    ok: true,
    value: {
      settings: settings.value.settings,
      instances: lastOfEach(instances.value, ({ id }) => id),
      recipes: lastOfEach(recipes.value, recipeKey),
      unknown: [...unknown, ...settings.value.unknown].map((name) => name.slice(0, 60)),
    },
  };
}

/** Two recipes of one name for one instance are the same. */
export function recipeKey({ name, instanceId }: Pick<Recipe, 'name' | 'instanceId'>): string {
  return JSON.stringify([instanceId, name]);
}

/** Undefined where it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every name and value in it. Without recursion: a file may be nested deeper than the stack. */
function* within(value: unknown): Generator<[name: string, value: unknown]> {
  const left: [string, unknown][] = [['', value]];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    yield one;
    const [, inner] = one;
    if (typeof inner !== 'object' || inner === null) continue;
    for (const entry of Object.entries(inner)) left.push(entry);
  }
}

function forbiddenName(value: unknown): string | null {
  for (const [name] of within(value)) if (FORBIDDEN.has(name)) return name;
  return null;
}

function holdsToken(value: unknown): boolean {
  for (const [name, inner] of within(value)) {
    if (findTokens(name).length > 0) return true;
    if (typeof inner === 'string' && findTokens(inner).length > 0) return true;
  }
  return false;
}

function readSettings(values: unknown): Read<{ settings: Partial<Settings>; unknown: string[] }> {
  if (!isValues(values)) return refusal.wrong('settings');
  const settings: [string, unknown][] = [];
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (!Object.hasOwn(SETTING_SHAPES, key)) {
      unknown.push(key);
      continue;
    }
    const read = v.safeParse(SETTING_SHAPES[key as keyof Settings], value);
    if (!read.success) return refusal.wrong(`settings.${key}`);
    settings.push([key, read.output]);
  }
  return { ok: true, value: { settings: Object.fromEntries(settings), unknown } };
}

function readList<T>(name: string, list: unknown, readOne: (entry: Values) => T | null): Read<T[]> {
  if (list === undefined) return { ok: true, value: [] };
  if (!Array.isArray(list)) return refusal.wrong(name);
  if (list.length > LIST_LIMIT) return refusal.long(name, LIST_LIMIT);
  const values: T[] = [];
  for (const [index, entry] of list.entries()) {
    const read = isValues(entry) ? readOne(entry) : null;
    if (read === null) return refusal.wrong(`${name}[${index}]`);
    values.push(read);
  }
  return { ok: true, value: values };
}

/** An address as we write it: https, or http to this machine, and nothing to cut off. */
function isBaseUrl(url: unknown): url is string {
  if (typeof url !== 'string') return false;
  const address = candidateBaseUrls(url);
  return address.ok && !address.value.clearText && address.value.candidates[0] === url;
}

function readInstance({ url, name = null }: Values): { id: string; name: string | null } | null {
  if (!isBaseUrl(url)) return null;
  if (name === null) return { id: url, name };
  if (typeof name !== 'string' || name.trim() === '' || nameRefusal(name) !== null) return null;
  return { id: url, name: name.trim() };
}

function readRecipe(entry: Values): FileRecipe | null {
  const read = v.safeParse(recipeToSave, { ...entry, id: null });
  if (!read.success) return null;
  const { id, ...recipe } = read.output;
  if (recipe.instanceId !== null && !isBaseUrl(recipe.instanceId)) return null;
  const name = recipe.name.trim();
  return name === '' || nameRefusal(name) !== null ? null : { ...recipe, name };
}

function lastOfEach<T>(entries: T[], keyOf: (entry: T) => string): T[] {
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
}
