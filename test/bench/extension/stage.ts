import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { type ExtensionBrowser, launchChromium } from '../../e2e/browsers.ts';
import { builtExtension } from '../../e2e/fixtures/both-browsers.ts';
import { sendFrom } from '../../e2e/fixtures/messages.ts';
import { logIn } from '../../e2e/fixtures/session.ts';
import { startUnleash, type Unleash } from '../../real-unleash/index.ts';

const DAY_MS = 86_400_000;
/** How many tokens are made at a time. */
const AT_ONCE = 4;

/** What a popup costs that has nothing in it. */
export const EMPTY_PAGE = 'bench/empty.html';
/** A scroller of as many plain lines as the hash says, laid out as the Tokens tab is. */
export const PLAIN_LIST = 'bench/list.html';

const PAGES = {
  'empty.html': '<!doctype html><title>Empty</title><body><script src="empty.js"></script></body>',
  'empty.js': "document.body.append(document.createElement('button'));",
  'list.html': `<!doctype html><title>Plain list</title><link rel="stylesheet" href="list.css">
<body><div class="list"></div><script src="list.js"></script></body>`,
  'list.css': `body{margin:0;width:400px;height:600px;display:flex;font:13px system-ui}
.list{flex:1;overflow-y:auto}.list div{height:44px}`,
  'list.js': `for (let line = 0; line < Number(location.hash.slice(1)); line += 1) {
  const row = document.createElement('div');
  row.textContent = 'service-' + line;
  document.querySelector('.list').append(row);
}`,
};

export type Stage = {
  unleash: Unleash;
  extension: ExtensionBrowser;
  /** Sends a message as a page of the extension does, and leaves no page behind. */
  withOwnPage<T>(act: (own: Page) => Promise<T>): Promise<T>;
  /** Makes API tokens until there are as many. */
  fill(count: number): Promise<void>;
  end(): Promise<void>;
};

/** A real Unleash, and Chromium with the built extension, which has two pages more: the plain things to compare with. */
export async function setStage(tell: (line: string) => void): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenleash-bench-'));
  await cp(builtExtension('chromium'), folder, { recursive: true });
  await mkdir(join(folder, 'bench'));
  for (const [name, content] of Object.entries(PAGES))
    await writeFile(join(folder, 'bench', name), content);
  const unleash = await startUnleash({ env: { UNLEASH_API_TOKENS_LIMIT: '2000' }, progress: tell });
  const extension = await launchChromium({ extension: folder });
  const cookie = await unleash.login();
  await logIn(extension, unleash.url, cookie);

  async function withOwnPage<T>(act: (own: Page) => Promise<T>): Promise<T> {
    const own = await extension.openExtensionPage(EMPTY_PAGE);
    try {
      return await act(own);
    } finally {
      await own.close();
    }
  }
  await withOwnPage((own) => sendFrom(own, 'instances.add', { url: unleash.url }));

  let made = 0;
  async function make(number: number): Promise<void> {
    const answer = await fetch(`${unleash.url}/api/admin/api-tokens`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({
        tokenName: `service-${number}`,
        type: number % 3 === 0 ? 'frontend' : 'client',
        environment: number % 2 === 0 ? 'development' : 'production',
        projects: ['*'],
        expiresAt: new Date(Date.now() + (number % 90) * DAY_MS + DAY_MS).toISOString(),
      }),
    });
    if (!answer.ok) throw new Error(`Token ${number}: ${answer.status} ${await answer.text()}`);
  }

  return {
    unleash,
    extension,
    withOwnPage,
    async fill(count) {
      while (made < count) {
        const next = Array.from({ length: Math.min(AT_ONCE, count - made) }, (_, at) => made + at);
        await Promise.all(next.map(make));
        made += next.length;
      }
    },
    async end() {
      await extension.close();
      await unleash.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}
