import type { PageSettings } from '../../platform/messages.ts';
import type { Feature, FeatureContext } from './feature.ts';
import { quietly } from './page-changes.ts';
import type { Route } from './route.ts';

/** Whether the user left this feature on. One that has no switch is on. */
export function isOn(feature: Feature, settings: PageSettings): boolean {
  const key = feature.id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return (settings as Record<string, unknown>)[key] !== false;
}

export type FeatureRun = {
  enter(route: Route | null): void;
  /** Asks for the settings once more: somebody may have come back from switching something off. */
  refresh(): void;
};

/**
 * Starts what matches a route and ends it all when the route is left. The settings came with the first route and are
 * asked for anew on each other; until they arrive those of the route before hold, so that no copy slips through on a change of pages.
 */
export function runFeatures(
  features: Feature[],
  {
    first,
    settings,
    contextFor,
  }: {
    first: PageSettings;
    settings(): Promise<PageSettings | null>;
    contextFor(route: Route): FeatureContext;
  },
  signal: AbortSignal,
): FeatureRun {
  let known = first;
  let current: AbortController | null = null;
  signal.addEventListener('abort', () => current?.abort());

  const start = (route: Route) => {
    current?.abort();
    if (signal.aborted) return;
    const ends = new AbortController();
    current = ends;
    const context = contextFor(route);
    for (const feature of features) {
      if (feature.matches(route) && isOn(feature, known)) {
        quietly(() => feature.init(context, ends.signal));
      }
    }
  };

  let entered = 0;
  let route: Route | null = null;
  const ask = (turn: number) => {
    void settings().then((fresh) => {
      if (fresh === null || turn !== entered || route === null || signal.aborted) return;
      const isSame = JSON.stringify(fresh) === JSON.stringify(known);
      known = fresh;
      if (!isSame) start(route);
    });
  };
  return {
    enter(next) {
      entered += 1;
      route = next;
      current?.abort();
      if (route === null || signal.aborted) return;
      start(route);
      if (entered > 1) ask(entered);
    },
    refresh: () => ask(entered),
  };
}
