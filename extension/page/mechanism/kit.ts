import type { drawing, element } from './dom.ts';
import type { icon, mark } from './icons.ts';
import type { createIsland, onPress } from './island.ts';

/** What all that we put on a page is drawn with. */
export type Kit = {
  element: typeof element;
  drawing: typeof drawing;
  icon: typeof icon;
  mark: typeof mark;
  createIsland: typeof createIsland;
  onPress: typeof onPress;
};

/** In our own world, which the page does not share: there the scripts of an extension meet. */
const KIT = Symbol.for('tokenleash.kit');
const world = globalThis as { [KIT]?: Kit };

/** The base script lends what it has, so that no part (parts.ts) carries a copy of it. */
export function lendKit(kit: Kit): void {
  world[KIT] = kit;
}

/** For parts alone: they are loaded by the base script, which has lent it by then. */
export function borrowedKit(): Kit {
  const kit = world[KIT];
  if (kit === undefined) throw new Error('A part of the page script was loaded before the script');
  return kit;
}
