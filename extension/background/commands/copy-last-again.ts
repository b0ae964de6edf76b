import type { BackgroundParts } from '../background-parts.ts';
import { COPY_AGAIN } from '../words.ts';
import type { Command } from './command.ts';

const ID = 'copy-last-again';

export const copyLastAgain: Command = { id: ID, run: copyLast };

/**
 * Copies the token that was made last once more, with a new deadline, while its secret is kept. There is no page to say
 * how it went, so a notification does; each replaces the one before.
 */
export async function copyLast({
  created,
  clipboard,
  notify,
}: Pick<BackgroundParts, 'created' | 'clipboard' | 'notify'>): Promise<void> {
  const kept = await created.last();
  if (kept === null || kept.secret === null) {
    await notify({ id: ID, ...COPY_AGAIN.gone() });
    return;
  }
  try {
    const copy = await clipboard.copy(kept.secret, kept.token.id);
    await notify({ id: ID, ...COPY_AGAIN.copied(kept.token.name, copy) });
  } catch {
    await notify({ id: ID, ...COPY_AGAIN.refused() });
  }
}
