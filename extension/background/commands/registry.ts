import type { TabAtHand } from '../../platform/tab-session.ts';
import type { BackgroundParts } from '../background-parts.ts';
import type { Command } from './command.ts';
import { copyLastAgain } from './copy-last-again.ts';
import { createLastRecipe } from './create-last-recipe.ts';

/** Every command of the manifest but `_execute_action`, which the browser does itself. */
export const COMMANDS: readonly Command[] = [copyLastAgain, createLastRecipe];

/** Does what the shortcut of this name stands for; one that we do not know is none of ours. */
export async function runCommand(
  id: string,
  parts: BackgroundParts,
  tab: TabAtHand,
): Promise<void> {
  await COMMANDS.find((command) => command.id === id)?.run(parts, tab);
}
