/**
 * Runs a build as for users: NODE_ENV says which form of a library is bundled. Under a test runner it is "test", which
 * would bundle the development form; and where it is not set, Vite sets it and leaves it so for all that comes after.
 *
 * @template T
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function inProduction(run) {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    return await run();
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}
