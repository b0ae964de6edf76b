import type { TestProject } from 'vitest/node';
import { startUnleash } from './index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Base URL of the Unleash 8.2.0 that all test files share. */
    unleashUrl: string;
  }
}

/** Vitest's global set-up: one Unleash for the whole run, `inject('unleashUrl')` in the tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const unleash = await startUnleash();
  project.provide('unleashUrl', unleash.url);
  return () => unleash.stop();
}
