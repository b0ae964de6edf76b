import { browser } from './browser.ts';

/** Dynamic content scripts: top frame only, past a browser's restart. */
export const scripting = {
  /** The match patterns that this id is registered for, sorted; null where it is not. */
  async registered(id: string): Promise<string[] | null> {
    const [script] = await browser.scripting.getRegisteredContentScripts({ ids: [id] });
    return script === undefined ? null : [...(script.matches ?? [])].sort();
  },
  async register(id: string, file: string, matches: string[]): Promise<void> {
    await browser.scripting.registerContentScripts([
      {
        id,
        js: [file],
        matches,
        runAt: 'document_idle',
        allFrames: false,
        persistAcrossSessions: true,
      },
    ]);
  },
  async unregister(id: string): Promise<void> {
    await browser.scripting.unregisterContentScripts({ ids: [id] });
  },
  async runInTab(tabId: number, file: string): Promise<void> {
    await browser.scripting.executeScript({ target: { tabId }, files: [file] });
  },
  /** A tab that will not have it (an error page, one that is just closing) is no failure. */
  async runInOpenTabs(file: string, matches: string[]): Promise<void> {
    const tabs = await browser.tabs.query({ url: matches });
    await Promise.allSettled(
      tabs.flatMap(({ id }) =>
        id === undefined
          ? []
          : [browser.scripting.executeScript({ target: { tabId: id }, files: [file] })],
      ),
    );
  },
};
