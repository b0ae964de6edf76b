/**
 * `npm start` once everything is installed and built: a demo Unleash (or the user's own), the proxy, and a browser
 * with the extension where there is a display; or the walk through the main job.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../test/e2e/browsers.ts';
import { startUnleash } from '../test/real-unleash/index.ts';
import { cacheFolder, root } from './install.mjs';
import { tokenleashCli } from './proxy-process.ts';
import { duration, StepFailed, say, sinceStart, step } from './report.mjs';
import { walk } from './walk.ts';

export type DemoOptions = { once: boolean; url: string | null; version: string; display: boolean };

const DEMO_PROFILE = 'demo';

/** Returns the exit code. */
export async function demo(options: DemoOptions): Promise<number> {
  const endings: (() => unknown)[] = [];
  const end = async () => {
    for (const ending of endings.splice(0).reverse()) {
      try {
        await ending();
      } catch (error) {
        say(`Could not tidy up: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  const interrupted = new Promise<number>((resolve) => {
    process.once('SIGINT', () => resolve(130));
    process.once('SIGTERM', () => resolve(143));
  });
  try {
    return await Promise.race([main(options, endings, interrupted), interrupted]);
  } finally {
    await end();
  }
}

async function main(
  options: DemoOptions,
  endings: (() => unknown)[],
  interrupted: Promise<number>,
): Promise<number> {
  const unleash = options.url === null ? await bootUnleash(options.version, endings) : null;
  const url = unleash?.url ?? options.url ?? '';
  const walks = options.once || (unleash !== null && !options.display);

  const home = proxyHome(options, endings);
  const cli = tokenleashCli(home);
  const proxy = await step('Start the proxy', async () => {
    await addProfile(cli, url);
    const fixed = walks ? [] : await preferredPorts();
    const running = await cli.start(
      fixed.length > 0 ? fixed : ['--port', '0', '--control-port', '0'],
    );
    endings.push(() => running.stop());
    return running;
  });

  if (walks && unleash !== null) {
    await walk({
      unleash,
      cli,
      proxy,
      home,
      extensionFolder: join(root, 'dist/e2e/chromium'),
      atEnd: (action) => endings.push(action),
    });
    say(`\nThe main job works. It took ${duration(sinceStart())}.`);
    if (options.once) return 0;
    say(
      'There is no display here, so no browser was left open. Unleash and the proxy keep running.',
    );
  } else if (options.display) {
    await openBrowser(url, endings);
  } else {
    say(
      'There is no display here, so no browser was opened. Load dist/chromium or dist/firefox into yours.',
    );
  }
  printWhatToPaste({ url, home, demo: unleash !== null });
  return await interrupted;
}

async function bootUnleash(version: string, endings: (() => unknown)[]) {
  return step(`Start Unleash ${version} (the demo server)`, async (note) => {
    const unleash = await startUnleash({ version, progress: note });
    endings.push(() => unleash.stop());
    return unleash;
  });
}

/** The demo keeps nothing: its proxy lives in a folder of its own that goes when it ends. */
function proxyHome(options: DemoOptions, endings: (() => unknown)[]): string {
  if (options.url !== null) {
    const kept = join(cacheFolder, 'own-server');
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    return kept;
  }
  const home = mkdtempSync(join(tmpdir(), 'tokenleash-demo-'));
  endings.push(() => rmSync(home, { recursive: true, force: true, maxRetries: 20 }));
  return home;
}

async function addProfile(cli: ReturnType<typeof tokenleashCli>, url: string): Promise<void> {
  const listed = await cli.run(['profile', 'list', '--json']);
  const known = (
    listed.code === 0 ? (JSON.parse(listed.stdout).profiles as { name: string; url: string }[]) : []
  ).find((profile) => profile.name === DEMO_PROFILE);
  if (known?.url === url) return;
  if (known) await cli.run(['profile', 'remove', DEMO_PROFILE]);
  const added = await cli.run([
    'profile',
    'add',
    DEMO_PROFILE,
    '--url',
    url,
    '--token-from',
    'browser',
    '--store',
    'sealed-file',
    '--unattended',
    '--access',
    'write',
  ]);
  if (added.code !== 0)
    throw new StepFailed(`tokenleash profile add ended with ${added.code}:\n${added.stderr}`);
}

/** The usual ports where they are free, so that what is printed can be kept; else any. */
async function preferredPorts(): Promise<string[]> {
  for (const port of [4280, 4281]) {
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (!free) return [];
  }
  return ['--port', '4280', '--control-port', '4281'];
}

async function openBrowser(url: string, endings: (() => unknown)[]): Promise<void> {
  await step('Open a browser with the extension', async () => {
    const chromium = await launchChromium({
      extension: join(root, 'dist/chromium'),
      headless: false,
      callerHandlesSignals: true,
    });
    endings.push(() => chromium.close());
    const login = await chromium.browser.newPage();
    await login.goto(url).catch(() => undefined);
    await chromium.openExtensionPage(`extension/options/index.html?url=${encodeURIComponent(url)}`);
  });
}

function printWhatToPaste(where: { url: string; home: string; demo: boolean }): void {
  const command = `TOKENLEASH_HOME=${where.home} node dist/proxy/tokenleash.js`;
  say('');
  say(`Unleash   ${where.url}${where.demo ? '   log in as admin, password unleash4all' : ''}`);
  say('');
  say(
    'In the browser: "Add instance", then click the toolbar button. To connect the proxy, paste this code in the popup under Proxy:',
  );
  say(`  ${command} pair`);
  say('A local tool without a token of its own, once the proxy holds a PAT:');
  say(
    `  ${command} run -- sh -c 'curl -s -H "Authorization: $UNLEASH_AUTH_TOKEN" "$UNLEASH_URL/api/admin/projects"'`,
  );
  say('');
  say('Ctrl-C ends it all.');
}
