import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { zipExtension } from '../../../scripts/zip-extension.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Sizes in bytes, all files but source maps. */
type BuildSize = { raw: number; zip: number; js: number; css: number };

export type Sizes = {
  builds: Record<'chromium' | 'firefox', BuildSize>;
  /** What is put into a page, by path within Chromium's build. */
  inPage: Record<string, { raw: number; gzip: number }>;
};

/** How large the two builds in dist/ are. */
export async function measureSizes(): Promise<Sizes> {
  const inPage: Sizes['inPage'] = {};
  const chromium = join(root, 'dist/chromium');
  for (const path of await filesOf(chromium)) {
    if (!path.endsWith('.iife.js')) continue;
    const content = await readFile(path);
    inPage[relative(chromium, path)] = { raw: content.length, gzip: gzipSync(content).length };
  }
  return {
    builds: {
      chromium: await buildSize(chromium),
      firefox: await buildSize(join(root, 'dist/firefox')),
    },
    inPage,
  };
}

async function buildSize(folder: string): Promise<BuildSize> {
  const sizes = await Promise.all(
    (await filesOf(folder)).map(async (path) => ({ path, size: (await stat(path)).size })),
  );
  const sum = (end: string) =>
    sizes.filter(({ path }) => path.endsWith(end)).reduce((all, { size }) => all + size, 0);
  return { raw: sum(''), zip: await zipSize(folder), js: sum('.js'), css: sum('.css') };
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** As web-ext packs it, which is what a store is given. */
async function zipSize(folder: string): Promise<number> {
  const target = await mkdtemp(join(tmpdir(), 'tokenleash-zip-'));
  try {
    await zipExtension(folder, join(target, 'extension.zip'));
    return (await stat(join(target, 'extension.zip'))).size;
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}
