import { defineConfig } from 'vitest/config';

/** Real servers and browsers take their time on a busy machine; these bound a hang, they assert no speed. */
const REAL_THING = { testTimeout: 120_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    // One place decides how many run at once: the tests share the machine with Unleash, Postgres and browsers.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          setupFiles: ['test/unit/say-english.ts'],
          testTimeout: REAL_THING.testTimeout,
        },
      },
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], ...REAL_THING } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // The extension's half of the link speaks there without a browser, too.
          setupFiles: ['test/unit/say-english.ts'],
          globalSetup: ['test/real-unleash/global-setup.ts'],
          ...REAL_THING,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/real-unleash/global-setup.ts'],
          fileParallelism: false,
          ...REAL_THING,
        },
      },
      {
        test: {
          name: 'versions',
          include: ['test/versions/**/*.test.ts'],
          fileParallelism: false,
          ...REAL_THING,
        },
      },
      { test: { name: 'soak', include: ['test/soak/**/*.test.ts'], ...REAL_THING } },
      {
        test: {
          name: 'docs',
          include: ['test/docs/**/*.test.ts'],
          setupFiles: ['test/unit/say-english.ts'],
          globalSetup: ['test/real-unleash/global-setup.ts'],
          fileParallelism: false,
          ...REAL_THING,
        },
      },
    ],
  },
});
