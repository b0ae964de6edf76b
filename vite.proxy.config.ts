import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { defineConfig } from 'vite';

/**
 * Bundles the proxy, with all it needs but Node itself, minified and cut into parts where commands are loaded:
 * scripts/build-proxy.mjs puts them into one file. They are CommonJS, which can be run from within a file.
 */
export default defineConfig({
  publicDir: false,
  resolve: {
    alias: {
      'follow-redirects': join(import.meta.dirname, 'scripts/no-redirects.mjs'),
      https: join(import.meta.dirname, 'scripts/https-when-used.mjs'),
    },
  },
  build: {
    target: 'node20',
    ssr: 'proxy/main.ts',
    minify: true,
    rolldownOptions: {
      external: [/^node:/, ...builtinModules.filter((name) => name !== 'https')],
      output: {
        format: 'cjs',
        dynamicImportInCjs: false,
        entryFileNames: 'main.js',
        chunkFileNames: '[name].js',
      },
    },
  },
  ssr: { noExternal: true },
});
