import type { Fetch } from '../../shared/unleash/transport.ts';
import { whoMarkOfAnswer } from '../../shared/unleash/who-mark.ts';
import type { Answer, InstanceState } from './messages.ts';
import type { Store } from './store.ts';

/**
 * What the popup shows in its first frame, before the background answers: what the background would say of its own
 * stores, and what each server said last. It holds no secret. The background writes it, the popup reads it.
 */
export type FirstView = {
  instances: Answer<'instances.list'>;
  settings: Answer<'settings.read'>;
  /** By instance. */
  recipes: Record<string, Answer<'recipes.list'>>;
};

/** An instance as it was when it answered last, and the form as it was left. */
export type InstanceInFirstView = {
  state: Extract<InstanceState, { state: 'ready' }>;
  draft: Answer<'draft.read'>;
};

export const FIRST_VIEW_KEY = 'first-view';
/** What lies under `stateKeyOf`. `who`: for whom it holds, by `whoMark`; null where that cannot be said. */
export type KeptState = { who: string | null; state: InstanceInFirstView['state'] };

/** In memory and per instance: what the server said last of itself and of us, where that was no refusal. */
export const stateKeyOf = (instanceId: string) => `state:${instanceId}`;
/** In memory and per instance: what was typed into the form while the popup is closed. It holds no secret. */
export const draftKeyOf = (instanceId: string) => `draft:${instanceId}`;

export const NO_DRAFT: Answer<'draft.read'> = { form: null, tab: 'create' };

export type FirstViewReader = {
  read(): Promise<FirstView | null>;
  /**
   * Null where this server has not answered yet since the browser was started. It `holds` unless somebody else is logged
   * in by now, or the same person with other rights: a form that offers what is not theirs would be worse than none. Who
   * it is, is asked of the server itself: one small request.
   */
  readInstance(id: string): Promise<{ seen: InstanceInFirstView; holds: Promise<boolean> } | null>;
};

/** Reads it from the session store, which our own pages may do without waking the background. */
export function createFirstViewReader(session: Pick<Store, 'read'>, fetch: Fetch): FirstViewReader {
  async function whoIsThere(baseUrl: string): Promise<string | null> {
    const answer = await fetch(`${baseUrl}/api/admin/user`, {
      headers: { accept: 'application/json' },
      credentials: 'include',
      redirect: 'error',
      cache: 'no-store',
    });
    return answer.ok ? whoMarkOfAnswer(await answer.json()) : null;
  }

  return {
    read: async () => ((await session.read(FIRST_VIEW_KEY)) as FirstView | undefined) ?? null,
    async readInstance(id) {
      // Why it does not answer, the background finds out and says.
      const who = whoIsThere(id).catch(() => null);
      const [kept, draft] = await Promise.all([
        session.read(stateKeyOf(id)) as Promise<KeptState | undefined>,
        session.read(draftKeyOf(id)) as Promise<InstanceInFirstView['draft'] | undefined>,
      ]);
      if (kept === undefined || kept.who === null) return null;
      const holds = who.then((now) => now === kept.who);
      return { seen: { state: kept.state, draft: draft ?? NO_DRAFT }, holds };
    },
  };
}
