import type { Page } from 'puppeteer';
import { part, press } from '../../e2e/fixtures/popup-driver.ts';
import { until } from '../../e2e/fixtures/until.ts';
import { summary } from '../numbers.mjs';
import { PLAIN_LIST, type Stage } from './stage.ts';

const SIZE = { width: 400, height: 600 };
/** Of the way to the end in each frame, in CSS px: as far as a quick wheel goes. */
const STEP_PX = 400;
/** A frame took longer than a display of 60 Hz shows one. */
const LONG_FRAME_MS = 25;
const SEARCH = 'service-1';
const MARK = 'tokenleash-bench';

type Summary = ReturnType<typeof summary>;

/** Times in ms. `longFrames` of `frames` came more than 25 ms after the one before. */
export type Scroll = {
  frames: number;
  longFrames: Summary;
  longestFrame: Summary;
  longestTask: Summary;
  /** What the main thread worked. */
  work: Summary;
};

export type ListResult = {
  tokens: number;
  /** From the press on the tab to rows on screen. */
  opened: Summary;
  scroll: Scroll;
  plain: Scroll;
  /** Work of the whole scroll, ours by that of the plain list. */
  ratio: Summary;
  /** From a key to the frame that shows what it finds; the longest of all keys of a round. */
  key: Summary;
};

type Run = { gaps: number[]; longestTask: number; work: number };

/** Moves a scroller to its end, a step a frame, and gives the time from each frame to the next. */
const SCROLL = (scroller: string) => `new Promise((resolve) => {
  // By this its thread is found in the trace.
  performance.mark(${JSON.stringify(MARK)});
  const element = document.querySelector(${JSON.stringify(scroller)});
  const gaps = [];
  let before = null;
  const step = (now) => {
    if (before !== null) gaps.push(now - before);
    before = now;
    const from = element.scrollTop;
    element.scrollTop += ${STEP_PX};
    if (element.scrollTop === from) resolve(gaps);
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

/** Each key's time from its event to the end of the frame that follows. */
const WATCH_KEYS = `{
  globalThis.keyTimes = [];
  addEventListener('input', (event) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => keyTimes.push(performance.now() - event.timeStamp);
    port2.postMessage(null);
  }), true);
}`;

/** The Tokens tab with many tokens: opened, scrolled to its end and searched, beside a plain list that is as long. */
export async function measureList(
  { extension, fill }: Stage,
  { rounds, tokens }: { rounds: number; tokens: number },
): Promise<ListResult> {
  await fill(tokens);
  const ours: Run[] = [];
  const plain: Run[] = [];
  const opened: number[] = [];
  const keys: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const list = await extension.browser.newPage();
    await list.setViewport(SIZE);
    await list.goto(`${extension.extensionUrl(PLAIN_LIST)}#${tokens}`);
    plain.push(await scrolled(list, '.list'));
    await list.close();

    const popup = await extension.browser.newPage();
    await popup.setViewport(SIZE);
    await popup.goto(extension.extensionUrl('extension/popup/index.html'), { waitUntil: [] });
    await part(popup, 'button', 'Create and copy');
    opened.push(await openTab(popup));
    // There are a few more where tokens were made by hand before.
    await until('all tokens are listed', () =>
      popup.evaluate((count) => {
        const words = document
          .querySelector('input[aria-label="Search"]')
          ?.getAttribute('placeholder');
        return Number(/\d+/.exec(words ?? '')?.[0]) >= count;
      }, tokens),
    );
    ours.push(await scrolled(popup, '.token-list'));
    keys.push(await searched(popup));
    await press(popup, 'tab', 'Create');
    await popup.close();
  }
  return {
    tokens,
    opened: summary(opened),
    scroll: told(ours),
    plain: told(plain),
    ratio: summary(ours.map(({ work }, round) => work / (plain[round]?.work ?? Number.NaN))),
    key: summary(keys),
  };
}

function told(runs: Run[]): Scroll {
  return {
    frames: Math.max(...runs.map(({ gaps }) => gaps.length)),
    longFrames: summary(runs.map(({ gaps }) => gaps.filter((gap) => gap > LONG_FRAME_MS).length)),
    longestFrame: summary(runs.map(({ gaps }) => Math.max(...gaps))),
    longestTask: summary(runs.map(({ longestTask }) => longestTask)),
    work: summary(runs.map(({ work }) => work)),
  };
}

async function openTab(popup: Page): Promise<number> {
  const tab = await part(popup, 'tab', 'Tokens');
  await popup.evaluate(`{
    const press = { at: 0 };
    addEventListener('click', (event) => { press.at = event.timeStamp; }, { capture: true, once: true });
    const observer = new MutationObserver(() => {
      if (!document.querySelector('[data-row]')) return;
      observer.disconnect();
      requestAnimationFrame(() => { globalThis.openedAfter = performance.now() - press.at; });
    });
    observer.observe(document.body, { childList: true, subtree: true });
  }`);
  await tab.click();
  return until(
    'the tokens are there',
    () => popup.evaluate('globalThis.openedAfter ?? null') as Promise<number | null>,
  );
}

async function searched(popup: Page): Promise<number> {
  await popup.evaluate(WATCH_KEYS);
  await (await part(popup, 'textbox', 'Search')).focus();
  await popup.keyboard.type(SEARCH);
  const times = await until('every key is drawn', async () => {
    const all = (await popup.evaluate('keyTimes')) as number[];
    return all.length >= SEARCH.length ? all : null;
  });
  // The view is kept; the next round must not begin with this search.
  await popup.keyboard.press('Escape');
  return Math.max(...times);
}

async function scrolled(page: Page, scroller: string): Promise<Run> {
  const session = await page.createCDPSession();
  await session.send('Performance.enable');
  const work = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN;
  };
  await page.tracing.start({ categories: ['toplevel', 'blink.user_timing'] });
  const before = await work();
  const gaps = (await page.evaluate(SCROLL(scroller))) as number[];
  const worked = (await work()) - before;
  const trace = JSON.parse(new TextDecoder().decode(await page.tracing.stop()));
  await session.detach();
  return { gaps, work: worked * 1000, longestTask: longestTaskOf(trace.traceEvents) };
}

type TraceEvent = { name: string; pid: number; tid: number; dur?: number };

/** Of the page's main thread, in ms. */
function longestTaskOf(events: TraceEvent[]): number {
  const marked = events.find(({ name }) => name === MARK);
  const tasks = events.filter(
    ({ name, pid, tid }) => /RunTask$/.test(name) && pid === marked?.pid && tid === marked.tid,
  );
  return Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1000;
}
