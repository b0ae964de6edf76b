import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rm,
  rmdir,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../../scripts/browsers.mjs';
import { BOTH_BROWSERS, builtExtension } from './fixtures/both-browsers.ts';
import { sendFrom } from './fixtures/messages.ts';
import { until } from './fixtures/until.ts';

const POLICY = {
  instances: ['https://managed.example.com/flags/'],
  clearAfterSecondsMax: 20,
  pageQuickCreate: false,
};

/** Where Debian's Chromium reads policies; only root may write there. */
const CHROMIUM_FOLDER = '/etc/chromium/policies/managed';

/** What this test made and must take away again, in that order. */
const made: (() => Promise<unknown>)[] = [];

/** The id of an unpacked extension follows from its path: its SHA-256, the first 32 hex digits as letters from a to p. */
async function chromiumId(folder: string): Promise<string> {
  const digest = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex');
  const letter = (digit: string) => String.fromCharCode(97 + Number.parseInt(digit, 16));
  return [...digest.slice(0, 32)].map(letter).join('');
}

/** A file of our own beside whatever policies there are. It names this build alone, so that no other run sees it. */
async function setForChromium(): Promise<void> {
  const first = await mkdir(CHROMIUM_FOLDER, { recursive: true });
  const file = join(CHROMIUM_FOLDER, `tokenleash-test-${process.pid}.json`);
  const id = await chromiumId(builtExtension('chromium'));
  made.push(() => rm(file, { force: true }));
  // Folders that were not there before go again, unless another run has put something in by now.
  for (
    let folder = CHROMIUM_FOLDER;
    first && folder.length >= first.length;
    folder = dirname(folder)
  )
    made.push(() => rmdir(folder).catch(() => undefined));
  await writeFile(file, JSON.stringify({ '3rdparty': { extensions: { [id]: POLICY } } }));
}

/**
 * Firefox reads policies beside its program. This one is the machine's own, by links, with a folder of policies of its
 * own, so that no other run sees them and nobody need be root.
 */
async function setForFirefox(): Promise<void> {
  const program = await realpath(findBrowser('firefox') ?? '');
  // A script that starts Firefox from elsewhere has none of its files beside it.
  await access(join(dirname(program), 'application.ini'));
  const folder = await mkdtemp(join(tmpdir(), 'tokenleash-firefox-'));
  made.push(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));
  for (const name of await readdir(dirname(program))) {
    if (name !== basename(program) && name !== 'distribution')
      await symlink(join(dirname(program), name), join(folder, name));
  }
  // By its own path it finds the rest.
  await copyFile(program, join(folder, basename(program)));
  await mkdir(join(folder, 'distribution'));
  const extensions = { 'tokenleash@tokenleash.dev': POLICY };
  await writeFile(
    join(folder, 'distribution', 'policies.json'),
    JSON.stringify({ policies: { '3rdparty': { Extensions: extensions } } }),
  );
  const before = process.env.FIREFOX_PATH;
  process.env.FIREFOX_PATH = join(folder, basename(program));
  made.push(async () => {
    if (before === undefined) delete process.env.FIREFOX_PATH;
    else process.env.FIREFOX_PATH = before;
  });
}

const mayWriteEtc = await access('/etc', constants.W_OK).then(
  () => true,
  () => false,
);

describe.each(BOTH_BROWSERS)("an administrator's policy in $kind", ({ kind, launch }) => {
  afterAll(async () => {
    for (const undo of made.splice(0)) await undo();
  });

  test.runIf(kind === 'firefox' || mayWriteEtc)(
    'sets instances, the longest delay and features, and the user cannot change them',
    async () => {
      await (kind === 'chromium' ? setForChromium() : setForFirefox());
      const extension = await launch();
      try {
        const page = await extension.openExtensionPage('extension/options/index.html');
        const managed = {
          keys: ['pageQuickCreate'],
          longestClearSeconds: 20,
          instances: ['https://managed.example.com/flags'],
        };
        const inForce = { clearAfterSeconds: 20, pageQuickCreate: false, managed };
        // Chromium reads the policy of an extension some seconds after it was installed.
        await until('the policy is read', async () => {
          const settings = await sendFrom(page, 'settings.read', {});
          return settings.managed.longestClearSeconds !== null;
        });
        expect(await sendFrom(page, 'settings.read', {})).toMatchObject(inForce);
        const changes = { clearAfterSeconds: null, pageQuickCreate: true, theme: 'dark' } as const;
        expect(await sendFrom(page, 'settings.write', changes)).toMatchObject({
          ok: true,
          settings: { ...inForce, theme: 'dark' },
        });
        await sendFrom(page, 'instances.remove', { id: 'https://managed.example.com/flags' });
        expect(await sendFrom(page, 'instances.list', {})).toMatchObject({
          instances: [{ name: 'managed.example.com/flags' }],
        });
      } finally {
        await extension.close();
      }
    },
  );
});
