import { pagePatterns } from '../platform/match-pattern.ts';
import type { Instance } from '../platform/messages.ts';
import { createQueue } from '../platform/serial.ts';

const SCRIPT_ID = 'page';

export type PageScriptParts = {
  /** Path of the script in the built extension. */
  file: string;
  reachable(): Promise<Instance[]>;
  scripting: {
    registered(id: string): Promise<string[] | null>;
    register(id: string, file: string, matches: string[]): Promise<void>;
    unregister(id: string): Promise<void>;
    /** Runs it in the tabs that are open on these pages already. */
    runInOpenTabs(file: string, matches: string[]): Promise<void>;
  };
};

/**
 * Keeps the page script registered for exactly the pages of the instances that may be reached. It is one registration
 * for all of them: two instances on one host (other ports: patterns have none) would otherwise run it twice in a page.
 * Registrations outlive the browser, but not an update of the extension, so this is also called at every start. One at a
 * time: two registrations of one id at once end in an error and in neither.
 */
export function createPageScript({ file, reachable, scripting }: PageScriptParts): {
  sync(): Promise<void>;
} {
  const inTurn = createQueue();
  return {
    sync: () =>
      inTurn(async () => {
        const wanted = [...new Set((await reachable()).flatMap(pagePatterns))].sort();
        const before = await scripting.registered(SCRIPT_ID);
        if (before !== null && before.join() === wanted.join()) return;
        if (before !== null) await scripting.unregister(SCRIPT_ID);
        if (wanted.length === 0) return;
        await scripting.register(SCRIPT_ID, file, wanted);
        const fresh = wanted.filter((pattern) => !before?.includes(pattern));
        if (fresh.length > 0) await scripting.runInOpenTabs(file, fresh);
      }),
  };
}
