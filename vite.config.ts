import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CrxPlugin, crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import { type Alias, defineConfig, type Plugin } from 'vite';
import { pathOfShapes } from './scripts/icon-path.mjs';

/**
 * Builds the extension. The mode says which: `chromium`, `firefox`, and each with `-e2e` behind it, which adds host
 * permissions for this machine and nothing else (no test can press "Allow" in a browser's own prompt).
 */
type Target = 'chromium' | 'firefox';

const LOCAL_HOSTS = ['http://localhost/*', 'http://127.0.0.1/*'];

/** The oldest Firefox whose manifest knows `data_collection_permissions` on desktop and on Android. */
const FIREFOX_MIN = '142.0';

function manifestFor(target: Target, e2e: boolean): ManifestV3Export {
  const manifest = JSON.parse(readFileSync(new URL('./manifest.json', import.meta.url), 'utf8'));
  if (e2e) manifest.host_permissions = LOCAL_HOSTS;
  if (target === 'chromium') return manifest;
  const { minimum_chrome_version, background, permissions, storage, ...rest } = manifest;
  return {
    ...rest,
    // `storage` names the schema of a policy; Firefox has none, and warns about the key.
    background: { scripts: [background.service_worker], type: 'module' },
    // Firefox warns about permissions that it does not know; its event page has a DOM of its own.
    permissions: permissions.filter((permission: string) => permission !== 'offscreen'),
    browser_specific_settings: {
      gecko: {
        id: 'tokenleash@tokenleash.dev',
        strict_min_version: FIREFOX_MIN,
        data_collection_permissions: { required: ['none'] },
      },
    },
  };
}

const ours = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Parts of libraries in whose place something smaller does all that we ask of them. */
function replacements(target: Target): Alias[] {
  // There the polyfill hands on the browser's own API, and carries 10 kB of what Chromium needs.
  const polyfill = {
    find: 'webextension-polyfill',
    replacement: ours('extension/platform/firefox-api.ts'),
  };
  return target === 'firefox' ? [polyfill] : [];
}

/**
 * The polyfill as a module. As it comes, the bundler copies what it exports name by name, and so has the browser make all
 * of its API, of which a page uses little: 9 ms of a popup's first.
 */
const polyfillAsModule: Plugin = {
  name: 'tokenleash:polyfill-as-module',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/webextension-polyfill\/dist\/browser-polyfill(?:\.min)?\.js$/.test(id)) return;
    return `const module = { exports: {} };\nconst exports = module.exports;\n${code}\nexport default module.exports;`;
  },
};

/** Lucide's icons, each as one path and drawn by a function of ours. */
const smallIcons: Plugin = {
  name: 'tokenleash:small-icons',
  enforce: 'pre',
  async load(id) {
    if (!/\/lucide-preact\/dist\/esm\/icons\/[^/]+\.mjs$/.test(id)) return;
    const { __iconData } = await import(id);
    if (__iconData === undefined) return;
    const draw = JSON.stringify(ours('extension/ui/lucide-icon.ts'));
    return `import icon from ${draw};
export default /* @__PURE__ */ icon(${JSON.stringify(pathOfShapes(__iconData.node))});`;
  },
};

/** What a bundle is made of, as far as it matters here. */
type BundlePart = {
  type: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
};

type Bundle = Record<string, BundlePart>;

/** These files and all that they bring in, by what `next` says of each. */
function neededBy(bundle: Bundle, files: string[], next: (part: BundlePart) => string[]) {
  const found = new Set<string>();
  const find = (file: string) => {
    const part = bundle[file];
    if (part === undefined || found.has(file)) return;
    found.add(file);
    next(part).forEach(find);
  };
  files.forEach(find);
  return found;
}

/** Takes out the chunks that only files brought in which are not in the bundle any more. */
function withoutOrphans(bundle: Bundle): void {
  const entries = Object.keys(bundle).filter((file) => bundle[file]?.isEntry);
  const wanted = neededBy(bundle, entries, ({ imports = [], dynamicImports = [] }) => [
    ...imports,
    ...dynamicImports,
  ]);
  for (const [file, { type }] of Object.entries(bundle))
    if (type === 'chunk' && !wanted.has(file)) delete bundle[file];
}

/**
 * crxjs lists every dynamically registered script in `web_accessible_resources` for all sites, which lets any web page
 * find out that the extension is installed. `scripting.registerContentScripts` does not need it (measured in both
 * browsers), and the module twin of the script that it leaves behind, with what that alone imports, is loaded by nobody.
 */
const nothingForWebPages: CrxPlugin & Plugin = {
  name: 'tokenleash:nothing-for-web-pages',
  enforce: 'post',
  apply: 'build',
  renderCrxManifest(manifest: { web_accessible_resources?: unknown }) {
    delete manifest.web_accessible_resources;
    return manifest as never;
  },
  generateBundle: {
    order: 'post',
    handler(_options: unknown, bundle: Bundle) {
      for (const file of Object.keys(bundle))
        if (/\.iife\.tsx-[^/]*\.js$/.test(file)) delete bundle[file];
      withoutOrphans(bundle);
    },
  },
};

/** A page's code that its first script loads is fetched together with it, and not after it has run. */
const fetchedTogether: Plugin = {
  name: 'tokenleash:fetched-together',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { chunk, bundle = {} }) {
      const parts: Bundle = bundle;
      const imports = (part: BundlePart) => part.imports ?? [];
      const later = neededBy(parts, chunk?.dynamicImports ?? [], imports);
      // Of these the bundler itself says so.
      for (const file of neededBy(parts, chunk ? [chunk.fileName] : [], imports))
        later.delete(file);
      return [...later].map((file) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
        injectTo: 'head' as const,
      }));
    },
  },
};

/** What `_locales` says to those who translate it (`description`), and its white space, no browser needs. */
const messagesAlone: Plugin = {
  name: 'tokenleash:messages-alone',
  apply: 'build',
  writeBundle({ dir = '' }) {
    const locales = join(dir, '_locales');
    for (const language of readdirSync(locales)) {
      const path = join(locales, language, 'messages.json');
      const all: Record<string, { message: string }> = JSON.parse(readFileSync(path, 'utf8'));
      const entries = Object.entries(all).map(([key, { message }]) => [key, { message }] as const);
      writeFileSync(path, JSON.stringify(Object.fromEntries(entries)));
    }
  },
};

/**
 * What several entries share lies in three files: a browser takes longer to hand a page ten small files of an extension
 * than to run what is in them. `early` is all that the popup's first script needs.
 */
const CHUNKS = [
  {
    name: 'early',
    minShareCount: 2,
    priority: 3,
    test: /polyfill|\/platform\/(?:browser|firefox-api|store|first-view|choose-instance|instance-of-page|tab-at-hand|tab-session)\.ts$|\/who-mark\.ts$/,
  },
  { name: 'ui', minShareCount: 2, priority: 1, test: /preact|\/extension\/ui\/.*\.tsx?$/ },
  {
    name: 'common',
    minShareCount: 2,
    priority: 2,
    test: /\/shared\/|\/extension\/(?:platform|recipe)\//,
  },
];

export default defineConfig(({ mode }) => {
  const target: Target = mode.startsWith('firefox') ? 'firefox' : 'chromium';
  const e2e = mode.endsWith('-e2e');
  return {
    publicDir: 'extension/public',
    resolve: { alias: replacements(target) },
    build: {
      outDir: e2e ? `dist/e2e/${target}` : `dist/${target}`,
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      target: target === 'firefox' ? 'firefox140' : 'chrome120',
      rolldownOptions: {
        // crxjs builds the pages that the manifest names; nothing names this one.
        input: target === 'chromium' ? { offscreen: 'extension/offscreen/index.html' } : {},
        output: { codeSplitting: { groups: CHUNKS } },
      },
    },
    plugins: [
      polyfillAsModule,
      smallIcons,
      crx({
        manifest: manifestFor(target, e2e),
        browser: target === 'firefox' ? 'firefox' : 'chrome',
      }),
      nothingForWebPages,
      fetchedTogether,
      messagesAlone,
    ],
  };
});
