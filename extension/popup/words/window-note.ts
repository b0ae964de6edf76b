import { say } from '../../platform/say.ts';
import type { TabSession } from '../../platform/tab-session.ts';

type Apart = Exclude<TabSession, 'normal'>;

/** What is said where the tab at hand has other cookies than the extension. */
export const WINDOW_NOTE: Record<Apart, { title: string; text: string; login: string }> = {
  private: {
    title: say('private_window'),
    text: say('private_window_text'),
    login: say('private_window_login'),
  },
  container: {
    title: say('container_tab'),
    text: say('container_tab_text'),
    login: say('container_tab_login'),
  },
};
