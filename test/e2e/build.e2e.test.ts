import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { launchChromium } from './browsers.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const KINDS = ['chromium', 'firefox'] as const;

/** All files together, in bytes. */
const MOST_BYTES = { chromium: 520_000, firefox: 505_000 };

async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  const read = async (path: string) => [relative(folder, path), await readFile(path)] as const;
  return new Map(await Promise.all(paths.sort().map(read)));
}

async function manifestOf(folder: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
}

describe.each(KINDS)('the build for %s', (kind) => {
  test('differs from the one for tests by host permissions for this machine and nothing else', async () => {
    const [real, forTests] = await Promise.all([
      filesOf(join(dist, kind)),
      filesOf(join(dist, 'e2e', kind)),
    ]);
    expect([...forTests.keys()]).toEqual([...real.keys()]);
    for (const [path, content] of real) {
      if (path !== 'manifest.json') expect(forTests.get(path)?.equals(content), path).toBe(true);
    }
    const manifest = await manifestOf(join(dist, kind));
    expect(manifest).not.toHaveProperty('host_permissions');
    expect(await manifestOf(join(dist, 'e2e', kind))).toEqual({
      ...manifest,
      host_permissions: ['http://localhost/*', 'http://127.0.0.1/*'],
    });
  });

  test('has the browser make no part of its API that is not used', async () => {
    const scripts = [...(await filesOf(join(dist, kind)))].filter(([path]) => path.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(5);
    // What a bundler says where it copies the exports of a library that is no module: it asks for each of them.
    const copying = scripts.filter(([, content]) => content.includes('getOwnPropertyNames'));
    expect(copying.map(([path]) => path)).toEqual([]);
  });

  test('shows web pages nothing of itself and comes to none unasked', async () => {
    const manifest = await manifestOf(join(dist, kind));
    expect(manifest).not.toHaveProperty('web_accessible_resources');
    expect(manifest).not.toHaveProperty('content_scripts');
    expect(manifest).not.toHaveProperty('externally_connectable');
    expect(manifest.content_security_policy).toEqual({
      extension_pages:
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  });

  test('asks for the permissions of the design and no more', async () => {
    const manifest = await manifestOf(join(dist, kind));
    const offscreen = kind === 'chromium' ? ['offscreen'] : [];
    expect([...(manifest.permissions as string[])].sort()).toEqual(
      [
        'activeTab',
        'alarms',
        'clipboardWrite',
        'contextMenus',
        'notifications',
        ...offscreen,
        'scripting',
        'storage',
      ].sort(),
    );
    expect(manifest.optional_permissions).toEqual(['clipboardRead']);
    expect(manifest.optional_host_permissions).toEqual(['http://*/*', 'https://*/*']);
  });

  test('puts 1.5 kB into every page of a host, and no script above 25 kB, 9 kB gzipped, into one of Unleash', async () => {
    const scripts = [...(await filesOf(join(dist, kind)))].filter(([path]) =>
      /\.iife\.js$/.test(path),
    );
    const first = scripts.find(([path]) => path === 'extension/page/index.iife.js');
    expect(first?.[1].length).toBeLessThanOrEqual(1_500);
    for (const [path, content] of scripts) {
      expect(content.length, path).toBeLessThanOrEqual(25_000);
      expect(gzipSync(content).length, path).toBeLessThanOrEqual(9_000);
    }
  });

  test('unpacks to no more than was reached, source maps aside', async () => {
    const files = await filesOf(join(dist, kind));
    const size = [...files].reduce(
      (sum, [path, { length }]) => sum + (path.endsWith('.map') ? 0 : length),
      0,
    );
    expect(size).toBeLessThanOrEqual(MOST_BYTES[kind]);
  });

  test('has no script that nothing loads', async () => {
    const files = await filesOf(join(dist, kind));
    const texts = [...files.values()].map((content) => content.toString('latin1'));
    for (const path of files.keys()) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (!path.endsWith('.js')) continue;
      expect(
        texts.some((text) => text.includes(name)),
        path,
      ).toBe(true);
    }
  });

  test('has every text that its manifest names, in each language and with nothing else beside', async () => {
    const manifest = JSON.stringify(await manifestOf(join(dist, kind)));
    const named = [...manifest.matchAll(/__MSG_(\w+)__/g)].map((match) => match[1] ?? '');
    expect(named).toContain('description');
    for (const language of ['en', 'de']) {
      const path = join(dist, kind, '_locales', language, 'messages.json');
      const text = await readFile(path, 'utf8');
      const messages: Record<string, { message: string }> = JSON.parse(text);
      expect(Object.keys(messages)).toEqual(expect.arrayContaining(named));
      for (const [key, entry] of Object.entries(messages))
        expect(Object.keys(entry), key).toEqual(['message']);
      expect(text).toBe(JSON.stringify(messages));
      // What the stores take at most.
      expect(messages.description?.message.length).toBeLessThanOrEqual(132);
    }
  });
});

test('web-ext lint finds no error in the build for Firefox', async () => {
  const run = promisify(execFile)(process.execPath, [
    fileURLToPath(new URL('../../node_modules/web-ext/bin/web-ext.js', import.meta.url)),
    'lint',
    '--source-dir',
    join(dist, 'firefox'),
    '--output',
    'json',
    '--no-config-discovery',
  ]);
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const report = JSON.parse(stdout.slice(stdout.indexOf('{')));
  expect(report.errors).toEqual([]);
  // Preact's own innerHTML code, which is never given any, and Chromium's offscreen document, asked for by feature.
  const others = report.warnings.filter(
    ({ code, message }: { code: string; message: string }) =>
      code !== 'UNSAFE_VAR_ASSIGNMENT' &&
      !(code === 'UNSUPPORTED_API' && message.startsWith('offscreen.')),
  );
  expect(others).toEqual([]);
});

type ExtensionInfo = Record<
  'manifestErrors' | 'runtimeErrors' | 'runtimeWarnings' | 'installWarnings',
  unknown[]
> & { state: string };

/** Loads the extension anew with Chromium's error console on, as a developer would, and gives what it collected. */
const RELOAD = `(async () => {
  const { developerPrivate } = chrome;
  const find = async () =>
    (await developerPrivate.getExtensionsInfo()).find(({ path }) => path !== undefined);
  await developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
  const { id } = await find();
  await developerPrivate.updateExtensionConfiguration({ extensionId: id, errorCollection: true });
  await developerPrivate.reload(id, { failQuietly: true });
  for (let look = 0; look < 100; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const info = await find();
    // Reloaded, and its worker has run: what it throws at its start has been collected.
    if (info?.errorCollection.isActive && info.views.length > 0) return info;
  }
  throw new Error('the extension was not loaded again');
})()`;

test('Chromium loads its build without a warning', async () => {
  const extension = await launchChromium({ extension: join(dist, 'chromium') });
  try {
    const page = await extension.browser.newPage();
    await page.goto('chrome://extensions');
    const info = (await page.evaluate(RELOAD)) as ExtensionInfo;
    expect(info.state).toBe('ENABLED');
    expect(info.manifestErrors).toEqual([]);
    expect(info.runtimeErrors).toEqual([]);
    expect(info.runtimeWarnings).toEqual([]);
    expect(info.installWarnings).toEqual([]);
  } finally {
    await extension.close();
  }
});
