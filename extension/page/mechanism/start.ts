import type { MessageName, PageSettings, Request } from '../../platform/messages.ts';
import { isCutOff, sendFromPage } from '../../platform/send-from-page.ts';
import { features } from '../features.ts';
import { drawing, element } from './dom.ts';
import { icon, mark } from './icons.ts';
import { createIsland, onPress, speak } from './island.ts';
import { lendKit } from './kit.ts';
import { lateNotice } from './late-notice.ts';
import { watchChanges } from './page-changes.ts';
import { loadPart } from './parts.ts';
import { runFeatures } from './run-features.ts';
import { noteRunning, running } from './running.ts';
import { clearStale } from './stale.ts';
import type { UnleashPage } from './unleash-page.ts';
import { watchRoute } from './watch-route.ts';

/** Begins on a page of Unleash, once; what the background knows of it came when this script did. */
export function start(window: Window, { basePath }: UnleashPage, settings: PageSettings): void {
  if (running(window)?.isAlive()) return;
  clearStale(window.document);
  speak(settings.words.language);
  lendKit({ createIsland, drawing, element, icon, mark, onPress });

  const ending = new AbortController();
  const { signal } = ending;
  noteRunning(window, {
    isAlive: () => !signal.aborted && !isCutOff(),
    end: () => ending.abort(),
  });

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
      first: settings,
      settings: () => ask('page.settings', {}),
      contextFor: (route) => ({
        route,
        send: ask,
        onChange: changes.onChange,
        notice,
        words: settings.words,
      }),
    },
    signal,
  );
  window.addEventListener('focus', run.refresh, { signal });
  watchRoute({ window, basePath, changes }, run.enter, signal);
}
