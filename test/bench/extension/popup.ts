import { sendFrom } from '../../e2e/fixtures/messages.ts';
import { until } from '../../e2e/fixtures/until.ts';
import { summary } from '../numbers.mjs';
import { EMPTY_PAGE, type Stage } from './stage.ts';

const POPUP = {
  path: 'extension/popup/index.html',
  usable: 'form.create button[type="submit"]:not(:disabled)',
};
const EMPTY = { path: EMPTY_PAGE, usable: 'button' };

type Summary = ReturnType<typeof summary>;

/** ms from the moment that the page is asked for. */
export type PopupTimes = { empty: Summary; popup: Summary; ratio: Summary };
export type PopupResult = {
  rounds: number;
  warm: PopupTimes;
  dead: PopupTimes;
  unknown: PopupTimes;
};

/** ms in which the browser ends what came before: nobody opens a popup in the moment that another page closes. */
const SETTLE_MS = 300;

const FORGET_STATES = `chrome.storage.session.get(null).then((all) => {
  const states = Object.keys(all).filter((key) => key.startsWith('state:'));
  if (states.length === 0 || !('first-view' in all)) throw new Error('there is nothing to forget');
  return chrome.storage.session.remove(states);
})`;

/** Notes when the first frame began in which what is looked for stands in the page. */
const WATCH = (selector: string) => `{
  const observer = new MutationObserver(() => {
    if (!document.querySelector(${JSON.stringify(selector)})) return;
    observer.disconnect();
    requestAnimationFrame(() => { globalThis.usableAt = performance.now(); });
  });
  observer.observe(document, { childList: true, subtree: true, attributes: true });
}`;

/**
 * How long the popup takes until its form can be used, beside a page of the extension with a button and nothing else;
 * with the background's worker alive, with one that the browser has ended, and with one that is alive where nothing is
 * known of the server yet, as at the first opening since the browser was started.
 */
export async function measurePopup(
  { extension, withOwnPage, unleash }: Stage,
  { rounds }: { rounds: number },
): Promise<PopupResult> {
  async function opened({ path, usable }: typeof POPUP): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const page = await extension.browser.newPage();
    try {
      await page.evaluateOnNewDocument(WATCH(usable));
      await page.goto(extension.extensionUrl(path), { waitUntil: [] });
      return await until(
        `${path} can be used`,
        () => page.evaluate('globalThis.usableAt ?? null') as Promise<number | null>,
      );
    } finally {
      await page.close();
    }
  }
  // The worker is up, and knows the server, as it does after the first use of a day.
  const wake = () => withOwnPage((own) => sendFrom(own, 'instance.load', { id: unleash.url }));
  // As after a start of the browser, whose first view tells of the instances and nothing of what they said.
  const forget = () => withOwnPage((own) => own.evaluate(FORGET_STATES).then(() => undefined));
  await opened(POPUP);
  const times = {
    warm: { empty: [] as number[], popup: [] as number[] },
    dead: { empty: [] as number[], popup: [] as number[] },
    unknown: { empty: [] as number[], popup: [] as number[] },
  };
  for (let round = 0; round < rounds; round += 1) {
    await wake();
    times.warm.empty.push(await opened(EMPTY));
    times.warm.popup.push(await opened(POPUP));
    await extension.killWorker();
    times.dead.empty.push(await opened(EMPTY));
    await extension.killWorker();
    times.dead.popup.push(await opened(POPUP));
    await forget();
    times.unknown.empty.push(await opened(EMPTY));
    times.unknown.popup.push(await opened(POPUP));
  }
  const told = ({ empty, popup }: { empty: number[]; popup: number[] }): PopupTimes => ({
    empty: summary(empty),
    popup: summary(popup),
    ratio: summary(popup.map((time, round) => time / (empty[round] ?? Number.NaN))),
  });
  return {
    rounds,
    warm: told(times.warm),
    dead: told(times.dead),
    unknown: told(times.unknown),
  };
}
