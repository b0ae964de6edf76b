import { chooseInstance, NO_TAB } from '../platform/choose-instance.ts';
import type { FirstView, FirstViewReader, InstanceInFirstView } from '../platform/first-view.ts';
import type { Instance } from '../platform/messages.ts';
import type { TabAtHand } from '../platform/tab-session.ts';

/** What was known last. It may be seen once it `holds`: for whoever is logged in now, with the rights of now. */
export type FirstLook = {
  view: FirstView;
  instance: Instance;
  seen: InstanceInFirstView;
  holds: Promise<boolean>;
};

/**
 * Reads what the popup can show before the background answers; null where there is nothing. It needs none of the popup's
 * own code, so that the question who is logged in is under way while that is loaded.
 */
export async function lookFirst(
  reader: FirstViewReader,
  tabAtHand: () => Promise<TabAtHand>,
): Promise<FirstLook | null> {
  const [view, at] = await Promise.all([reader.read(), tabAtHand().catch(() => NO_TAB)]);
  if (view === null) return null;
  const { instance, session } = chooseInstance(view.instances, at);
  // In another session than the background's, who is logged in here says nothing.
  if (!instance || session !== 'normal') return null;
  const found = await reader.readInstance(instance.id);
  return found && { view, instance, ...found };
}
