import { instanceOfPage } from './instance-of-page.ts';
import type { Answer, Instance } from './messages.ts';
import type { TabAtHand, TabSession } from './tab-session.ts';

export const NO_TAB: TabAtHand = { address: null, session: 'normal' };

/** Which instance the popup opens on; `here` is that of the page behind it, if it is one's. */
export type Chosen = { here: Instance | null; instance: Instance | null; session: TabSession };

/** Of the list, the instance of the page behind the popup, else the one that was used last. */
export function chooseInstance(
  { instances, currentId }: Answer<'instances.list'>,
  at: TabAtHand,
): Chosen {
  const opener = at.address === null ? null : new URL(at.address);
  const here = opener && instanceOfPage(instances, opener.origin, opener.pathname);
  // In a container, other pages than an instance's are nothing to us; a private window is one as a whole.
  const apart = at.session === 'private' || here !== null || opener === null;
  return {
    here,
    instance: here ?? instances.find(({ id }) => id === currentId) ?? instances[0] ?? null,
    session: apart ? at.session : 'normal',
  };
}
