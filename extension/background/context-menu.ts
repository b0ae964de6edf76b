import { pagePatterns } from '../platform/match-pattern.ts';
import type { Instance } from '../platform/messages.ts';
import { createQueue } from '../platform/serial.ts';
import type { BackgroundParts } from './background-parts.ts';
import { copyLast } from './commands/copy-last-again.ts';
import { formOfPath, openCreate } from './open-create.ts';
import { MENU, notAnInstance } from './words.ts';

export type MenuItem = { id: string; title: string; patterns: string[] };

export type ContextMenuParts = {
  instances(): Promise<Instance[]>;
  /** Puts these in the place of all that are there. */
  replace(items: MenuItem[]): Promise<void>;
};

const items = () => [
  { id: 'create', title: MENU.create() },
  { id: 'copy-again', title: MENU.copyAgain() },
  { id: 'options', title: MENU.options() },
];

/**
 * Keeps the context menu on the pages of the user's instances, and on no other. Menus outlive the background, but not an
 * update of the extension. One at a time: an id that is there already is refused.
 */
export function createContextMenu({ instances, replace }: ContextMenuParts): {
  sync(): Promise<void>;
} {
  const inTurn = createQueue();
  return {
    sync: () =>
      inTurn(async () => {
        const patterns = [...new Set((await instances()).flatMap(pagePatterns))].sort();
        // Without a pattern an item would stand on every page there is.
        await replace(patterns.length === 0 ? [] : items().map((item) => ({ ...item, patterns })));
      }),
  };
}

/** Does what an item stands for. `pageUrl` is the page's on which the menu was opened. */
export async function menuClicked(
  { id, pageUrl }: { id: string; pageUrl: string },
  parts: BackgroundParts & { openOptions(): Promise<void> },
): Promise<void> {
  if (id === 'copy-again') await copyLast(parts);
  if (id === 'options') await parts.openOptions();
  if (id === 'create') await createHere(pageUrl, parts);
}

async function createHere(pageUrl: string, parts: BackgroundParts): Promise<void> {
  const page = URL.canParse(pageUrl) ? new URL(pageUrl) : null;
  const instance = page && (await parts.instances.ofPage(page.origin, pageUrl));
  // Match patterns have no port: the menu also stands on other programs of the same host.
  if (page === null || instance === null) {
    await parts.notify({ id: 'create-here', ...notAnInstance() });
    return;
  }
  await openCreate(parts, instance, formOfPath(page.pathname.slice(instance.basePath.length)));
}
