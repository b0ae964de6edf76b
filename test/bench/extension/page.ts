import type { CDPSession, Page } from 'puppeteer';
import { sendFrom } from '../../e2e/fixtures/messages.ts';
import { startPage } from '../../e2e/fixtures/page.ts';
import { until } from '../../e2e/fixtures/until.ts';
import { summary } from '../numbers.mjs';
import type { Stage } from './stage.ts';

/**
 * Between two samples of the main thread, in µs. Each costs the thread something: at 100 a page takes a third longer for
 * ours than at 1000, and what takes less than 1 ms is not seen at 1000.
 */
const SAMPLING_US = 1000;
const FINE_SAMPLING_US = 100;
/** For what still comes after the marks are there, in ms. */
const QUIET_MS = 1000;

const ON = { pageQuickCreate: true, pageExpiryMarks: true };
const OFF = { pageQuickCreate: false, pageExpiryMarks: false };

type Summary = ReturnType<typeof summary>;

export type PageResult = {
  tokens: number;
  screens: number;
  /** ms of the main thread with a script of ours on the stack. */
  loaded: Summary;
  /** Of all CPU time of the page's main thread meanwhile, Unleash's own work too: 0.03 is 3 %. */
  loadedOfPage: Summary;
  scrolled: Summary;
  elsewhere: Summary;
  /** As Chromium counts it, with Tokenleash and without. */
  shift: Summary;
  shiftWithout: Summary;
};

type Profile = {
  nodes: { id: number; callFrame: { url: string }; children?: number[] }[];
  samples?: number[];
  timeDeltas?: number[];
};

/** Time in ms during which a script of ours was on the stack: its own, and what it made the browser do. */
function timeOfOurs({ nodes, samples = [], timeDeltas = [] }: Profile, ours: string): number {
  const counted = new Set<number>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const count = (id: number) => {
    counted.add(id);
    for (const child of byId.get(id)?.children ?? []) count(child);
  };
  for (const { id, callFrame } of nodes) if (callFrame.url.startsWith(ours)) count(id);
  const micros = samples.reduce(
    (sum, id, index) => sum + (counted.has(id) ? (timeDeltas[index] ?? 0) : 0),
    0,
  );
  return micros / 1000;
}

/** `ms` of ours, and which share that is of all CPU time of the page's main thread. */
async function profiled(
  page: Page,
  ours: string,
  act: () => Promise<void>,
  interval = SAMPLING_US,
): Promise<{ ms: number; ofPage: number }> {
  const session: CDPSession = await page.createCDPSession();
  await session.send('Performance.enable');
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval });
  const before = await mainThread(session);
  await session.send('Profiler.start');
  await act();
  const { profile } = await session.send('Profiler.stop');
  const after = await mainThread(session);
  await session.detach();
  // Samples are taken by the clock, also while another program has the core: only the share that the thread really had.
  const cpu = after.cpu - before.cpu;
  const ms = timeOfOurs(profile, ours) * Math.min(1, cpu / (after.busy - before.busy));
  return { ms, ofPage: ms / 1000 / cpu };
}

/** Seconds that the main thread had work, by the clock, and those in which it had a core. */
async function mainThread(session: CDPSession): Promise<{ busy: number; cpu: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { busy: of('TaskDuration'), cpu: of('ThreadTime') };
}

/** How long scripts of ours hold the main thread of a page of Unleash with many tokens, and of a page that is none. */
export async function measurePage(
  { unleash, extension, withOwnPage, fill }: Stage,
  { rounds, tokens, screens }: { rounds: number; tokens: number; screens: number },
): Promise<PageResult> {
  await fill(tokens);
  const other = await startPage();
  const ours = extension.extensionUrl('');
  const found = {
    loaded: [] as number[],
    loadedOfPage: [] as number[],
    scrolled: [] as number[],
    elsewhere: [] as number[],
    shift: [] as number[],
    shiftWithout: [] as number[],
  };
  const marks = (page: Page) => page.$$eval('[data-part="expiry-mark"]', (all) => all.length);
  const quiet = () => new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  try {
    for (let round = 0; round < rounds; round += 1) {
      const page = await extension.browser.newPage();
      await page.setViewport({ width: 1440, height: 900 });
      const loaded = await profiled(page, ours, async () => {
        await page.goto(`${unleash.url}/admin/api`);
        await until('the marks are there', async () => (await marks(page)) > 3);
        await quiet();
      });
      found.loaded.push(loaded.ms);
      found.loadedOfPage.push(loaded.ofPage);
      found.shift.push(await shifts(page));
      const scrolled = await profiled(page, ours, async () => {
        for (let screen = 0; screen < screens; screen += 1) {
          await page.evaluate(() => scrollBy(0, 600));
          await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
        }
        await quiet();
      });
      found.scrolled.push(scrolled.ms);
      // The same without us: what Unleash moves by itself.
      await withOwnPage((own) => sendFrom(own, 'settings.write', { ...OFF }));
      await page.goto(`${unleash.url}/admin/api`);
      await page.waitForSelector('table[role="table"] tbody tr');
      await quiet();
      found.shiftWithout.push(await shifts(page));
      await withOwnPage((own) => sendFrom(own, 'settings.write', { ...ON }));
      await page.close();
      const stranger = await extension.browser.newPage();
      const visit = async () => void (await stranger.goto(other.url));
      const visited = await profiled(stranger, ours, visit, FINE_SAMPLING_US);
      found.elsewhere.push(visited.ms);
      await stranger.close();
    }
  } finally {
    await other.stop();
  }
  return {
    tokens,
    screens,
    loaded: summary(found.loaded),
    loadedOfPage: summary(found.loadedOfPage),
    scrolled: summary(found.scrolled),
    elsewhere: summary(found.elsewhere),
    shift: summary(found.shift),
    shiftWithout: summary(found.shiftWithout),
  };
}

/** The score of all that moved on the page since its load, as Chromium counts it. */
function shifts(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const shifts = list.getEntries() as (PerformanceEntry & { value: number })[];
          resolve(shifts.reduce((sum, { value }) => sum + value, 0));
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(0), 500);
      }),
  );
}
