import { availableParallelism, loadavg } from 'node:os';
import type { CDPSession, Page } from 'puppeteer';
import { launchChromium } from '../e2e/browsers.ts';
import { builtExtension } from '../e2e/fixtures/both-browsers.ts';
import { sendFrom } from '../e2e/fixtures/messages.ts';
import { startPage } from '../e2e/fixtures/page.ts';
import { logIn } from '../e2e/fixtures/session.ts';
import { until } from '../e2e/fixtures/until.ts';
import { startUnleash, type Unleash } from '../real-unleash/index.ts';

const TOKENS = 500;
const ROUNDS = 7;
const DAY_MS = 86_400_000;
/** Between two samples of the main thread, in µs. */
const SAMPLING_US = 100;
/** For what still comes after the marks are there, in ms. */
const QUIET_MS = 1000;

const ON = { pageQuickCreate: true, pageExpiryMarks: true };
const OFF = { pageQuickCreate: false, pageExpiryMarks: false };

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

async function profiled(page: Page, ours: string, act: () => Promise<void>): Promise<number> {
  const session: CDPSession = await page.createCDPSession();
  await session.send('Performance.enable');
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: SAMPLING_US });
  const before = await mainThread(session);
  await session.send('Profiler.start');
  await act();
  const { profile } = await session.send('Profiler.stop');
  const after = await mainThread(session);
  await session.detach();
  // Samples are taken by the clock, also while another program has the core: only the share that the thread really had.
  const share = (after.cpu - before.cpu) / (after.busy - before.busy);
  return timeOfOurs(profile, ours) * Math.min(1, share);
}

/** Seconds that the main thread had work, by the clock, and those in which it had a core. */
async function mainThread(session: CDPSession): Promise<{ busy: number; cpu: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { busy: of('TaskDuration'), cpu: of('ThreadTime') };
}

async function fill(unleash: Unleash): Promise<void> {
  const cookie = await unleash.login();
  for (let number = 0; number < TOKENS; number += 1) {
    const answer = await fetch(`${unleash.url}/api/admin/api-tokens`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({
        tokenName: `service-${number}`,
        type: 'client',
        environment: 'development',
        projects: ['*'],
        expiresAt: new Date(Date.now() + (number % 90) * DAY_MS + DAY_MS).toISOString(),
      }),
    });
    if (!answer.ok) throw new Error(`Token ${number}: ${answer.status} ${await answer.text()}`);
  }
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const words = (values: number[]) =>
  `${median(values).toFixed(1)} ms [${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)}]`;

/** Prints how long scripts of ours held the main thread, as the median of rounds with the lowest and the highest. */
export async function measureExtensionPage(): Promise<void> {
  const unleash = await startUnleash({ env: { UNLEASH_API_TOKENS_LIMIT: '2000' } });
  await fill(unleash);
  const extension = await launchChromium({ extension: builtExtension('chromium') });
  const other = await startPage();
  try {
    await logIn(extension, unleash.url, await unleash.login());
    const own = await extension.openExtensionPage('extension/options/index.html');
    await sendFrom(own, 'instances.add', { url: unleash.url });
    const ours = extension.extensionUrl('');
    const load: number[] = [];
    const scroll: number[] = [];
    const shift: number[] = [];
    const shiftWithout: number[] = [];
    const elsewhere: number[] = [];
    const marks = (page: Page) => page.$$eval('[data-part="expiry-mark"]', (all) => all.length);
    const quiet = () => new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    for (let round = 0; round < ROUNDS; round += 1) {
      const page = await extension.browser.newPage();
      await page.setViewport({ width: 1440, height: 900 });
      const loading = await profiled(page, ours, async () => {
        await page.goto(`${unleash.url}/admin/api`);
        await until('the marks are there', async () => (await marks(page)) > 10);
        await quiet();
      });
      load.push(loading);
      shift.push(await shifts(page));
      const scrolling = await profiled(page, ours, async () => {
        for (let step = 0; step < 20; step += 1) {
          await page.evaluate(() => scrollBy(0, 600));
          await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
        }
        await quiet();
      });
      scroll.push(scrolling);
      // The same without us: what Unleash moves by itself.
      await sendFrom(own, 'settings.write', { ...OFF });
      await page.goto(`${unleash.url}/admin/api`);
      await page.waitForSelector('table[role="table"] tbody tr');
      await quiet();
      shiftWithout.push(await shifts(page));
      await sendFrom(own, 'settings.write', { ...ON });
      await page.close();
      const stranger = await extension.browser.newPage();
      elsewhere.push(
        await profiled(stranger, ours, async () => void (await stranger.goto(other.url))),
      );
      await stranger.close();
    }
    const { length } = load;
    process.stdout.write(
      [
        `${length} rounds on ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}; median [lowest–highest]`,
        `page with ${TOKENS} tokens, loaded until quiet: ${words(load)}`,
        `the same page, 20 screens scrolled:          ${words(scroll)}`,
        `a page that is not Unleash:                  ${words(elsewhere)}`,
        `layout shift with Tokenleash, and without:   ${median(shift).toFixed(4)}, ${median(shiftWithout).toFixed(4)}`,
        '',
      ].join('\n'),
    );
  } finally {
    await extension.close();
    await other.stop();
    await unleash.stop();
  }
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
