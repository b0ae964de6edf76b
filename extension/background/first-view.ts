import { FIRST_VIEW_KEY, type FirstView, stateKeyOf } from '../platform/first-view.ts';
import { createQueue } from '../platform/serial.ts';
import type { Store } from '../platform/store.ts';
import { CURRENT_KEY, type Instances, LIST_KEY } from './instances.ts';
import { RECIPES_KEY, type Recipes } from './recipes.ts';
import { SETTINGS_KEY, type SettingsKeeper } from './settings.ts';

/** Of the local store: what the first view is made of. */
const SOURCES: readonly string[] = [LIST_KEY, CURRENT_KEY, SETTINGS_KEY, RECIPES_KEY];

export type FirstViewParts = {
  session: Store;
  instances: Pick<Instances, 'list' | 'mayReach'>;
  settings: Pick<SettingsKeeper, 'read'>;
  recipes: Pick<Recipes, 'list'>;
};

export type FirstViewKeeper = {
  /** To be called at the start of the browser, and after every change of what it is made of. */
  renew(): Promise<void>;
  /** Whether it has to be renewed after a change of these keys in this area of the browser's storage. */
  isMadeOf(area: string, keys: readonly string[]): boolean;
};

/** Keeps what the popup shows in its first frame, so that it need not wait for us to be woken. */
export function createFirstView(parts: FirstViewParts): FirstViewKeeper {
  const inTurn = createQueue();
  const { session, instances, settings, recipes } = parts;
  return {
    renew: () =>
      inTurn(async () => {
        const [list, inForce] = await Promise.all([instances.list(), settings.read()]);
        const view: FirstView = { instances: list, settings: inForce, recipes: {} };
        for (const instance of list.instances) {
          view.recipes[instance.id] = await recipes.list(instance.id);
          // A form for a host that we may not reach any more would vanish under the hand.
          if (!(await instances.mayReach(instance))) await session.remove(stateKeyOf(instance.id));
        }
        await session.write(FIRST_VIEW_KEY, view);
      }),
    isMadeOf: (area, keys) =>
      area === 'managed' || (area === 'local' && keys.some((key) => SOURCES.includes(key))),
  };
}
