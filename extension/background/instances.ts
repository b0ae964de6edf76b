import { instanceOfPage } from '../platform/instance-of-page.ts';
import { hostPattern } from '../platform/match-pattern.ts';
import type { Instance } from '../platform/messages.ts';
import { createQueue, type InTurn } from '../platform/serial.ts';
import type { Store } from '../platform/store.ts';

export const LIST_KEY = 'instances';
export const CURRENT_KEY = 'current-instance';

export type InstancesParts = {
  local: Store;
  /** Base URLs of the instances that an administrator has set. */
  managed(): Promise<string[]>;
  /** Whether the user lets us reach this host at this moment. */
  mayReach(pattern: string): Promise<boolean>;
  /** Called after every change of the list. */
  changed(): Promise<void>;
};

export type Instances = {
  list(): Promise<{ instances: Instance[]; currentId: string | null }>;
  find(id: string): Promise<Instance | null>;
  /** Adds it, or finds it there already, and makes it the current one. */
  add(baseUrl: string): Promise<Instance>;
  /** One that an administrator has set stays. */
  remove(id: string): Promise<void>;
  /** Puts one back where it was, unless it is there. */
  restore(instance: Instance, at: number, current: boolean): Promise<void>;
  /** Nothing happens where the user has added none of this id. */
  rename(id: string, name: string): Promise<void>;
  use(id: string): Promise<void>;
  /** Does this while nobody else writes the list. None of the writers here may be called within: it would wait for ever. */
  alone: InTurn;
  /** The list was changed from elsewhere. */
  refresh(): Promise<void>;
  mayReach(instance: Instance): Promise<boolean>;
  /** The instance that a page belongs to: of this origin, the one with the longest base path above its URL. */
  ofPage(origin: string, url: string): Promise<Instance | null>;
  hasOrigin(origin: string): Promise<boolean>;
};

/** An instance by its base URL. Its name is what people call it: host and path. */
export function instanceOf(baseUrl: string): Instance {
  const { origin, host, pathname } = new URL(baseUrl);
  const basePath = pathname.replace(/\/+$/, '');
  return { id: origin + basePath, origin, basePath, name: host + basePath };
}

/** Whether what lies on the disk is an instance as this version of the extension has it. */
function isInstance(entry: unknown): entry is Instance {
  if (typeof entry !== 'object' || entry === null) return false;
  const { id, origin, basePath, name } = entry as { [K in keyof Instance]?: unknown };
  if (typeof id !== 'string' || !/^https?:\/\//.test(id) || !URL.canParse(id)) return false;
  const made = instanceOf(id);
  return origin === made.origin && basePath === made.basePath && typeof name === 'string';
}

/** The Unleash servers that the user has added, or an administrator has set. Settings, nothing secret: they lie in `local`. */
export function createInstances({ local, managed, mayReach, changed }: InstancesParts): Instances {
  const inTurn = createQueue();

  /** As it lies on the disk: entries of a later version, which we cannot read, are not lost by our writing. */
  async function kept(): Promise<unknown[]> {
    const list = await local.read(LIST_KEY);
    return Array.isArray(list) ? list : [];
  }

  async function all(): Promise<Instance[]> {
    const [set, list] = await Promise.all([managed(), kept()]);
    const added = list.filter(isInstance).filter(({ id }) => !set.includes(id));
    return [...set.map(instanceOf), ...added];
  }

  return {
    async list() {
      const instances = await all();
      const current = await local.read(CURRENT_KEY);
      const known = instances.some((instance) => instance.id === current);
      return { instances, currentId: known ? (current as string) : (instances[0]?.id ?? null) };
    },
    find: async (id) => (await all()).find((instance) => instance.id === id) ?? null,
    add: (baseUrl) =>
      inTurn(async () => {
        const instance = instanceOf(baseUrl);
        const before = await all();
        if (!before.some(({ id }) => id === instance.id)) {
          // In one write: on the list and not chosen would be half of it.
          await local.writeAll({
            [LIST_KEY]: [...(await kept()), instance],
            [CURRENT_KEY]: instance.id,
          });
        } else await local.write(CURRENT_KEY, instance.id);
        await changed();
        return instance;
      }),
    remove: (id) =>
      inTurn(async () => {
        await local.write(
          LIST_KEY,
          (await kept()).filter((entry) => !isInstance(entry) || entry.id !== id),
        );
        await changed();
      }),
    restore: (instance, at, current) =>
      inTurn(async () => {
        const before = await all();
        if (!before.some(({ id }) => id === instance.id)) {
          const list = await kept();
          const next = before[at]?.id;
          const place = list.findIndex((entry) => isInstance(entry) && entry.id === next);
          await local.writeAll({
            [LIST_KEY]: list.toSpliced(place < 0 ? list.length : place, 0, instance),
            ...(current ? { [CURRENT_KEY]: instance.id } : {}),
          });
        } else if (current) await local.write(CURRENT_KEY, instance.id);
        await changed();
      }),
    rename: (id, name) =>
      inTurn(async () => {
        const named = (entry: unknown) =>
          isInstance(entry) && entry.id === id ? { ...entry, name } : entry;
        await local.write(LIST_KEY, (await kept()).map(named));
      }),
    use: (id) =>
      inTurn(async () => {
        if ((await all()).some((instance) => instance.id === id)) {
          await local.write(CURRENT_KEY, id);
        }
      }),
    alone: inTurn,
    refresh: changed,
    mayReach: (instance) => mayReach(hostPattern(instance.origin)),
    ofPage: async (origin, url) => instanceOfPage(await all(), origin, pathOf(url)),
    hasOrigin: async (origin) => (await all()).some((instance) => instance.origin === origin),
  };
}

function pathOf(url: string): string {
  try {
    return new URL(url).pathname;
  } catch {
    return '';
  }
}
