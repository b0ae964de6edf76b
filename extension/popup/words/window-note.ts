import type { TabSession } from '../../platform/tab-session.ts';

type Apart = Exclude<TabSession, 'normal'>;

/** What is said where the tab at hand has other cookies than the extension. */
export const WINDOW_NOTE: Record<Apart, { title: string; text: string; login: string }> = {
  private: {
    title: 'This window is private',
    text: 'Tokenleash uses the login of your normal windows.',
    login: 'Log in there: a login in this window is not seen by Tokenleash.',
  },
  container: {
    title: 'This tab is in a container',
    text: 'Tokenleash uses the login of your tabs outside of containers.',
    login: 'Log in there: a login in this container is not seen by Tokenleash.',
  },
};
