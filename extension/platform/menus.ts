import { browser } from './browser.ts';

/** Everything that a person may point at on a page. */
const CONTEXTS = ['page', 'frame', 'selection', 'link', 'editable', 'image'] as const;

/** Puts these items in the place of all that are in the context menu. */
export async function replaceMenu(
  items: { id: string; title: string; patterns: string[] }[],
): Promise<void> {
  await browser.contextMenus.removeAll();
  for (const { id, title, patterns } of items) {
    await new Promise<void>((resolve, reject) => {
      browser.contextMenus.create(
        { id, title, contexts: [...CONTEXTS], documentUrlPatterns: patterns },
        () => {
          const error = browser.runtime.lastError;
          if (error) reject(new Error(`the menu item ${id} was refused: ${error.message}`));
          else resolve();
        },
      );
    });
  }
}
