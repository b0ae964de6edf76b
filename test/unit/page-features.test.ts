// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { features } from '../../extension/page/features.ts';
import type { Feature } from '../../extension/page/mechanism/feature.ts';
import type { Route } from '../../extension/page/mechanism/route.ts';
import { isOn, runFeatures } from '../../extension/page/mechanism/run-features.ts';
import type { PageSettings } from '../../extension/platform/messages.ts';

const DOCS = Object.values(
  import.meta.glob<string>('../../docs/page-features.md', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
).join('');

/** By the bundler's own listing: Node's modules do not load reliably beside a simulated DOM. */
const FILES = Object.keys(import.meta.glob('../../extension/page/*.{ts,tsx}'));
/** What stands beside the features without being one: where the script begins, and the list. */
const NO_FEATURES = ['index.iife.tsx', 'features.ts'];

const ALL_ON: PageSettings = {
  secureCopy: true,
  shownOnce: true,
  quickCreate: true,
  expiryMarks: true,
  flagShortcut: true,
  delaySeconds: 30,
  words: { language: 'en', quickCreate: 'Quick create', whichEnvironment: 'Which?' },
};
const ROUTE: Route = { page: 'api-access' };
const OTHER: Route = { page: 'other', path: '/projects' };

describe('the list of features', () => {
  it('names every file beside it, each by its own id', () => {
    const files = FILES.map((path) => path.slice(path.lastIndexOf('/') + 1))
      .filter((name) => !NO_FEATURES.includes(name))
      .map((name) => name.replace(/\.tsx?$/, ''));
    expect(files.length).toBeGreaterThan(2);
    expect(features.map((feature) => feature.id).sort()).toEqual(files.sort());
  });

  it('is the list of docs/page-features.md too, a line in its table and a section each', () => {
    const ids = features.map((feature) => feature.id).sort();
    const rows = [...DOCS.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
    const sections = [...DOCS.matchAll(/^## `([a-z-]+)`$/gm)].map(([, id]) => id);
    expect(rows.sort()).toEqual(ids);
    expect(sections.sort()).toEqual(ids);
  });

  it('has a switch for each feature that the settings know', () => {
    const { delaySeconds, words, ...switches } = ALL_ON;
    for (const name of Object.keys(switches)) {
      const off = features.filter((feature) => !isOn(feature, { ...ALL_ON, [name]: false }));
      expect(off, name).toHaveLength(1);
    }
  });
});

type Recorded = { feature: Feature; started: AbortSignal[] };

function recorded(matches: (route: Route) => boolean, id = 'secure-copy'): Recorded {
  const started: AbortSignal[] = [];
  const init = (_: unknown, signal: AbortSignal) => {
    started.push(signal);
  };
  return { started, feature: { id, matches, init } };
}

/** `answers` are the settings that came with the script, then those that are asked for. */
function running(list: Feature[], [first = ALL_ON, ...answers]: (PageSettings | undefined)[]) {
  const ending = new AbortController();
  const run = runFeatures(
    list,
    {
      first,
      settings: async () => answers.shift() ?? null,
      contextFor: (route) => ({ route }) as never,
    },
    ending.signal,
  );
  const enter = async (route: Route | null) => {
    run.enter(route);
    await new Promise((resolve) => setTimeout(resolve));
  };
  const refresh = async () => {
    run.refresh();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { enter, refresh, run, end: () => ending.abort() };
}

describe('a feature', () => {
  it('starts where it matches and nowhere else', async () => {
    const one = recorded((route) => route.page === 'api-access');
    const { enter } = running([one.feature], [ALL_ON, ALL_ON]);
    await enter(OTHER);
    expect(one.started).toHaveLength(0);
    await enter(ROUTE);
    expect(one.started).toHaveLength(1);
  });

  it('ends by its signal when the route is left', async () => {
    const one = recorded((route) => route.page === 'api-access');
    const { enter } = running([one.feature], [ALL_ON, ALL_ON]);
    await enter(ROUTE);
    expect(one.started[0]?.aborted).toBe(false);
    await enter(OTHER);
    expect(one.started[0]?.aborted).toBe(true);
  });

  it('ends outside the base path and when the script ends', async () => {
    const one = recorded(() => true);
    const { enter, end } = running([one.feature], [ALL_ON, ALL_ON, ALL_ON]);
    await enter(ROUTE);
    await enter(null);
    expect(one.started[0]?.aborted).toBe(true);
    await enter(ROUTE);
    end();
    expect(one.started.map((signal) => signal.aborted)).toEqual([true, true]);
  });

  it('starts by the settings that came with the script, with no question of its own', () => {
    const one = recorded(() => true);
    const settings = vi.fn(async () => null);
    const parts = { first: ALL_ON, settings, contextFor: () => ({}) as never };
    const run = runFeatures([one.feature], parts, new AbortController().signal);
    run.enter(ROUTE);
    expect(one.started).toHaveLength(1);
    expect(settings).not.toHaveBeenCalled();
    run.enter(OTHER);
    expect(settings).toHaveBeenCalledTimes(1);
  });

  it('stays away when it is switched off', async () => {
    const one = recorded(() => true);
    const { enter } = running([one.feature], [{ ...ALL_ON, secureCopy: false }]);
    await enter(ROUTE);
    expect(one.started).toHaveLength(0);
  });

  it('ends when it is switched off while its page is open', async () => {
    const one = recorded(() => true);
    const other = recorded(() => true, 'quick-create');
    const off = { ...ALL_ON, secureCopy: false };
    const { enter, refresh } = running([one.feature, other.feature], [ALL_ON, ALL_ON, off]);
    await enter(ROUTE);
    await refresh();
    expect(one.started).toHaveLength(1);
    expect(one.started[0]?.aborted).toBe(false);
    await refresh();
    expect(one.started.map((signal) => signal.aborted)).toEqual([true]);
    expect(other.started.at(-1)?.aborted).toBe(false);
  });

  it('runs on the next route before the settings have come again, so that no copy slips through', async () => {
    const one = recorded(() => true);
    const { enter, run } = running([one.feature], [ALL_ON, ALL_ON]);
    await enter(ROUTE);
    run.enter(OTHER);
    expect(one.started).toHaveLength(2);
    expect(one.started[1]?.aborted).toBe(false);
  });

  it('is switched off on the next route by settings that changed meanwhile', async () => {
    const one = recorded(() => true);
    const { enter } = running([one.feature], [ALL_ON, { ...ALL_ON, secureCopy: false }]);
    await enter(ROUTE);
    await enter(OTHER);
    expect(one.started.map((signal) => signal.aborted)).toEqual([true, true]);
  });

  it('that fails keeps the others from nothing and lets no error out', async () => {
    const broken: Feature = {
      id: 'broken',
      matches: () => true,
      init() {
        throw new Error('an anchor is gone');
      },
    };
    const one = recorded(() => true);
    const { enter } = running([broken, one.feature], [ALL_ON]);
    await enter(ROUTE);
    expect(one.started).toHaveLength(1);
  });
});
