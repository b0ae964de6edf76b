/**
 * ms since this process began; setting the machine's clock does not move it. `performance.now()` says the same, but
 * Node loads a module for it, which a start would wait for (2 ms of CPU time on Node 20).
 */
export function monotonicMs(): number {
  return process.uptime() * 1000;
}
