import type { MessageName, Request } from '../../platform/messages.ts';
import { isCutOff, sendFromPage } from '../../platform/send-from-page.ts';
import { features } from '../features.ts';
import { drawing, element } from './dom.ts';
import { icon, mark } from './icons.ts';
import { createIsland, onPress } from './island.ts';
import { lendKit } from './kit.ts';
import { lateNotice } from './late-notice.ts';
import { watchChanges } from './page-changes.ts';
import { forgetParts, loadPart } from './parts.ts';
import { runFeatures } from './run-features.ts';
import { clearStale } from './stale.ts';
import { recogniseUnleash } from './unleash-page.ts';
import { watchRoute } from './watch-route.ts';

/** Where a running copy of this script is noted, in our own world, which the page does not share. */
const RUNNING = Symbol.for('tokenleash.page');
type Running = { isAlive(): boolean; end(): void };

/**
 * Begins on a page of an instance, once, however often the script is loaded; on a page that is not Unleash it does
 * nothing at all.
 */
export function start(window: Window): void {
  const world = window as unknown as { [RUNNING]?: Running };
  const before = world[RUNNING];
  if (before?.isAlive()) return;
  const unleash = recogniseUnleash(window.document);
  if (unleash === null) return;
  before?.end();
  clearStale(window.document);
  forgetParts();
  lendKit({ createIsland, drawing, element, icon, mark, onPress });

  const ending = new AbortController();
  const { signal } = ending;
  world[RUNNING] = {
    isAlive: () => !signal.aborted && !isCutOff(),
    end: () => ending.abort(),
  };

  async function ask<N extends MessageName>(name: N, request: Request<N>) {
    try {
      return await sendFromPage(name, request);
    } catch {
      if (isCutOff()) ending.abort();
      return null;
    }
  }
  const changes = watchChanges(window, signal);
  const notice = lateNotice(async () => {
    const createNotice = await loadPart('notice', ask);
    return createNotice?.(window, changes, signal) ?? null;
  });
  const run = runFeatures(
    features,
    {
      settings: () => ask('page.settings', {}),
      contextFor: (route) => ({ route, send: ask, onChange: changes.onChange, notice }),
    },
    signal,
  );
  window.addEventListener('focus', run.refresh, { signal });
  watchRoute({ window, basePath: unleash.basePath, changes }, run.enter, signal);
}
