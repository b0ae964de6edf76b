// Finds Chromium and Firefox: the system's, else Debian's package when root, else puppeteer's own download.
import { existsSync, readdirSync } from 'node:fs';
import { isRunnable, onPath } from './find-program.mjs';
import { cacheFolder, runLogged } from './install.mjs';
import { StepFailed, step } from './report.mjs';

const KNOWN = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome-for-testing'],
    places: ['/Applications/Chromium.app/Contents/MacOS/Chromium'],
    debian: 'chromium',
    puppeteer: 'chrome',
  },
  firefox: {
    variable: 'FIREFOX_PATH',
    names: ['firefox-esr', 'firefox'],
    places: [
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    ],
    debian: 'firefox-esr',
    puppeteer: 'firefox',
  },
};

/** Where puppeteer's own download lies in our cache. */
function downloaded(kind) {
  const base = `${cacheFolder}/browsers/${KNOWN[kind].puppeteer}`;
  if (!existsSync(base)) return null;
  for (const build of readdirSync(base)) {
    for (const inner of [
      'chrome-linux64/chrome',
      'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
      'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
      'chrome-win64/chrome.exe',
      'firefox/firefox',
      'Firefox.app/Contents/MacOS/firefox',
      'core/firefox.exe',
    ]) {
      if (existsSync(`${base}/${build}/${inner}`)) return `${base}/${build}/${inner}`;
    }
  }
  return null;
}

/** Path of a browser that is there, or null. @param {'chromium' | 'firefox'} kind */
export function findBrowser(kind) {
  const { variable, names, places } = KNOWN[kind];
  const named = process.env[variable];
  if (named) {
    if (!isRunnable(named))
      throw new StepFailed(
        `${variable} is ${named}, which cannot be run.`,
        `Unset ${variable} or point it at a browser.`,
      );
    return named;
  }
  for (const name of names) {
    const path = onPath(name);
    if (path) return path;
  }
  return places.find(runnable) ?? downloaded(kind);
}

/** Path of a browser, installed if need be; also left in the environment for the tests. @param {'chromium' | 'firefox'} kind */
export async function ensureBrowser(kind) {
  const { variable, debian, puppeteer } = KNOWN[kind];
  let path = findBrowser(kind);
  const tried = [];
  if (!path && process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get')) {
    await step(`Install ${kind} (Debian's package ${debian})`, async () => {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      try {
        await runLogged('apt-get', ['update', '-q'], { log: `apt-update-${kind}`, env });
        await runLogged('apt-get', ['install', '-y', '-q', '--no-install-recommends', debian], {
          log: `apt-install-${kind}`,
          env,
        });
      } catch (error) {
        tried.push(error.message);
      }
    });
    path = findBrowser(kind);
  }
  if (!path) {
    await step(`Download ${kind} (puppeteer)`, async () => {
      const { install, resolveBuildId, detectBrowserPlatform } = await import(
        '@puppeteer/browsers'
      );
      try {
        const platform = detectBrowserPlatform();
        const buildId = await resolveBuildId(puppeteer, platform, 'stable');
        await install({
          browser: puppeteer,
          buildId,
          cacheDir: `${cacheFolder}/browsers`,
          platform,
        });
      } catch (error) {
        tried.push(error.message);
      }
    });
    path = findBrowser(kind);
  }
  if (!path) {
    throw new StepFailed(
      `No ${kind} was found, and none could be installed.${tried.length > 0 ? `\n${tried.join('\n')}` : ''}`,
      `Install ${kind}, or set ${variable} to its path.`,
    );
  }
  process.env[variable] = path;
  return path;
}
