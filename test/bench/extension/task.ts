import type { ElementHandle, Page } from 'puppeteer';
import { parseToken } from '../../../shared/token/grammar.ts';
import { sendFrom } from '../../e2e/fixtures/messages.ts';
import { part, textOf } from '../../e2e/fixtures/popup-driver.ts';
import { until } from '../../e2e/fixtures/until.ts';
import { summary } from '../numbers.mjs';
import type { Stage } from './stage.ts';

const PROJECT = 'default';
const ENVIRONMENT = 'production';
/** After which a press that showed nothing is taken as lost, in ms. */
const LOST_MS = 5000;
const COPY = '[role="dialog"] button[aria-label="Copy token"]';

type Summary = ReturnType<typeof summary>;

/** What it took. `seconds` are those of a driver that never hesitates; requests are those to Unleash. */
export type Effort = { clicks: number; keys: number; requests: Summary; seconds: Summary };

/** "A backend token for production is on the clipboard", by its way and by its scope. */
export type TaskResult = {
  rounds: number;
  byHand: { all: Effort; scoped: Effort };
  byForm: { all: Effort; scoped: Effort };
  byRecipe: Effort;
  byKey: Effort;
};

/** A person's hand: it counts what it does. */
function createHand(page: Page) {
  const done = { clicks: 0, keys: 0 };
  return {
    done,
    async click(target: ElementHandle<Element>) {
      done.clicks += 1;
      await target.scrollIntoView();
      // A person waits until nothing moves any more, and nothing lies over it.
      let before = '';
      await until('it can be pressed', async () => {
        const [place, isFree] = await target.evaluate((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          const at = document.elementFromPoint(x + width / 2, y + height / 2);
          return [`${x} ${y}`, at !== null && (element.contains(at) || at.contains(element))];
        });
        const isStill = place === before;
        before = String(place);
        return isStill && isFree;
      });
      await target.click();
    },
    async type(text: string) {
      done.keys += text.length;
      await page.keyboard.type(text);
    },
    async chord(...keys: Parameters<Page['keyboard']['down']>[0][]) {
      done.keys += 1;
      for (const key of keys) await page.keyboard.down(key);
      for (const key of keys.reverse()) await page.keyboard.up(key);
    },
  };
}

type Hand = ReturnType<typeof createHand>;

/** One round: what the hand did, how many requests went out, in ms. */
type Round = { clicks: number; keys: number; requests: number; ms: number };

/** The same token by hand in Unleash's own UI and by the extension, with real clicks. */
export async function measureTask(
  stage: Stage,
  { rounds }: { rounds: number },
): Promise<TaskResult> {
  const { withOwnPage, unleash } = stage;
  await withOwnPage((own) =>
    sendFrom(own, 'recipes.save', {
      recipe: {
        id: null,
        name: 'Deploy',
        instanceId: unleash.url,
        kind: 'backend',
        projects: [PROJECT],
        environments: [ENVIRONMENT],
        expiresInDays: 30,
        namePattern: 'deploy-{n}',
        oneEach: false,
      },
    }),
  );
  const ways = {
    handAll: () => byHand(stage, false),
    handScoped: () => byHand(stage, true),
    formAll: () => byPopup(stage, (popup, hand) => fillForm(popup, hand, false)),
    formScoped: () => byPopup(stage, (popup, hand) => fillForm(popup, hand, true)),
    recipe: () => byPopup(stage, useRecipe),
    // The recipe was used last by then.
    key: () => byPopup(stage, (_popup, hand) => hand.chord('Alt', 'KeyL')),
  };
  const found = Object.fromEntries(Object.keys(ways).map((way) => [way, [] as Round[]])) as Record<
    keyof typeof ways,
    Round[]
  >;
  for (let round = 0; round < rounds; round += 1)
    for (const [way, run] of Object.entries(ways))
      found[way as keyof typeof ways].push(await run());
  return {
    rounds,
    byHand: { all: told(found.handAll), scoped: told(found.handScoped) },
    byForm: { all: told(found.formAll), scoped: told(found.formScoped) },
    byRecipe: told(found.recipe),
    byKey: told(found.key),
  };
}

function told(found: Round[]): Effort {
  return {
    clicks: Math.max(...found.map(({ clicks }) => clicks)),
    keys: Math.max(...found.map(({ keys }) => keys)),
    requests: summary(found.map(({ requests }) => requests)),
    seconds: summary(found.map(({ ms }) => ms / 1000)),
  };
}

/** Waits until a token is there that was not there before. */
async function copied({ extension }: Stage, before: string): Promise<void> {
  await until('the token is on the clipboard', async () => {
    const text = (await extension.readClipboard()).trim();
    return text !== before && parseToken(text) !== null;
  });
}

/** From Unleash's first page, logged in, without the extension: it is not there in a context of its own. */
async function byHand(stage: Stage, scoped: boolean): Promise<Round> {
  const { extension, unleash } = stage;
  const context = await extension.browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    for (const pair of (await unleash.login()).split(/;\s*/)) {
      const at = pair.indexOf('=');
      await page.setCookie({
        name: pair.slice(0, at),
        value: pair.slice(at + 1),
        url: unleash.url,
      });
    }
    await page.goto(`${unleash.url}/projects`, { waitUntil: 'networkidle2' });
    const before = (await extension.readClipboard()).trim();
    await page.bringToFront();
    let requests = 0;
    page.on('request', (request) => {
      if (request.url().startsWith(`${unleash.url}/api/`)) requests += 1;
    });
    const hand = createHand(page);
    const click = async (selector: string, effect: string) => {
      const target = () =>
        page.waitForSelector(selector, { visible: true }) as Promise<ElementHandle<Element>>;
      await hand.click(await target());
      // A page that is still loading takes a press and does nothing; a person presses again, which is no more work.
      while (!(await page.waitForSelector(effect, { timeout: LOST_MS }).catch(() => null)))
        await (await target()).click();
    };
    const begun = performance.now();
    const api = 'a[href$="/admin/api"]';
    const create = '[data-testid="CREATE_API_TOKEN_BUTTON"]';
    await click('::-p-aria(Admin settings)', '::-p-text(Access control)');
    await click('::-p-text(Access control)', api);
    await click(api, create);
    await click(create, 'input[name="tokenName"]');
    await page.focus('input[name="tokenName"]');
    await hand.type(`deploy-${Math.round(performance.now())}`);
    if (scoped) {
      const option = '[role="listbox"] [role="option"]';
      await click(
        '[data-testid="select-all-projects"] input',
        '[data-testid="select-input"] input:enabled',
      );
      await click('[data-testid="select-input"] input', option);
      await click(`${option}:last-child`, '[role="option"][aria-selected="true"]');
      // It lies over the environment.
      await click('button[aria-label="Close"]', 'html:not(:has([role="listbox"]))');
    }
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('input[name="environment"]')?.value,
    );
    const option = `[data-testid="SELECT_ITEM_ID-${ENVIRONMENT}"]`;
    await click('#api_key_environment', option);
    await click(option, `input[name="environment"][value="${ENVIRONMENT}"]`);
    await click('button[type="submit"]', COPY);
    await click(COPY, '::-p-text(copied to clipboard)');
    await copied(stage, before);
    return { ...hand.done, requests, ms: performance.now() - begun };
  } finally {
    await context.close();
  }
}

/** The press on the toolbar's button is the first click. */
async function byPopup(
  stage: Stage,
  act: (popup: Page, hand: Hand) => Promise<void>,
): Promise<Round> {
  const { extension, unleash } = stage;
  const page = await extension.browser.newPage();
  await page.goto(`${unleash.url}/projects`, { waitUntil: 'networkidle2' });
  const before = (await extension.readClipboard()).trim();
  const counted = await countWorkerRequests(stage);
  const begun = performance.now();
  const popup = await extension.openPopup(page);
  const hand = createHand(popup);
  hand.done.clicks += 1;
  await part(popup, 'button', 'Create and copy');
  await act(popup, hand);
  // Else what stands there tells why.
  await copied(stage, before).catch(async (error: Error) => {
    throw new Error(`${error.message} The popup shows: ${await textOf(popup)}`, { cause: error });
  });
  const ms = performance.now() - begun;
  const requests = await counted.end();
  // What was made stands there until somebody says so.
  await (await part(popup, 'button', 'Done')).click();
  await part(popup, 'button', 'Create and copy');
  await popup.close().catch(() => undefined);
  await page.close();
  return { ...hand.done, requests, ms };
}

async function fillForm(popup: Page, hand: Hand, scoped: boolean): Promise<void> {
  const choose = async (field: string, option: string) => {
    const input = await part(popup, 'combobox', field);
    // What the form is filled in with already needs no hand.
    const shown = await input.evaluate(
      (element) =>
        `${element.closest('.control')?.textContent} ${(element as HTMLInputElement).value}`,
    );
    if (shown.includes(option)) return;
    await hand.click(input);
    await hand.click(
      (await popup.waitForSelector(
        `[role="option"]::-p-text(${option})`,
      )) as ElementHandle<Element>,
    );
  };
  await choose('Projects', scoped ? 'Default' : 'All current and future projects');
  await choose('Environment', ENVIRONMENT);
  await hand.click(await part(popup, 'button', 'Create and copy'));
}

async function useRecipe(popup: Page, hand: Hand): Promise<void> {
  const chip = (await popup.waitForSelector('.recipe::-p-text(Deploy)')) as ElementHandle<Element>;
  if (!(await chip.evaluate((one) => one.getAttribute('aria-pressed') === 'true')))
    await hand.click(chip);
  await hand.click(await part(popup, 'button', 'Create and copy'));
}

/** The requests that the background sends to Unleash from now on. */
async function countWorkerRequests({
  extension,
  unleash,
}: Stage): Promise<{ end(): Promise<number> }> {
  const target = await extension.browser.waitForTarget(
    (one) => one.type() === 'service_worker' && one.url().startsWith(extension.extensionUrl('')),
  );
  const session = await target.createCDPSession();
  let requests = 0;
  session.on('Network.requestWillBeSent', ({ request }) => {
    if (request.url.startsWith(`${unleash.url}/`)) requests += 1;
  });
  await session.send('Network.enable');
  return {
    async end() {
      await session.detach().catch(() => undefined);
      return requests;
    },
  };
}
