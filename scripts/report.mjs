// Lines for a person: each step with the time it took, progress for anything over a second.

const started = Date.now();

/** `1.2 s`, `340 ms`, `2 min 5 s`. @param {number} ms */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 100_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Time since this program began, ms. */
export function sinceStart() {
  return Date.now() - started;
}

/** A failure that a person can act on: printed without a stack. */
export class StepFailed extends Error {
  /** @param {string} message @param {string} [hint] @param {unknown} [cause] */
  constructor(message, hint, cause) {
    super(message, { cause });
    this.hint = hint;
  }
}

/**
 * Runs one step and prints `✓ name  1.2 s`, or `✗ name  1.2 s` and throws on. While it lasts longer than a second,
 * a terminal shows that it is still at work; elsewhere a line says so every 15 s.
 *
 * @template T
 * @param {string} name
 * @param {(note: (text: string) => void) => Promise<T> | T} run `note` adds a word to the progress line
 * @returns {Promise<T>}
 */
export async function step(name, run) {
  const begun = Date.now();
  const terminal = process.stdout.isTTY === true;
  let noted = '';
  let lastPrinted = begun;
  const tick = setInterval(() => {
    const elapsed = Date.now() - begun;
    if (terminal) {
      process.stdout.write(`\r\x1b[K… ${name}${noted && `: ${noted}`}  ${duration(elapsed)}`);
    } else if (Date.now() - lastPrinted >= 15_000) {
      lastPrinted = Date.now();
      say(`… ${name}${noted && `: ${noted}`}  ${duration(elapsed)}`);
    }
  }, 1000);
  const clear = () => {
    clearInterval(tick);
    if (terminal) process.stdout.write('\r\x1b[K');
  };
  try {
    const result = await run((text) => {
      noted = text;
    });
    clear();
    say(`✓ ${name}  ${duration(Date.now() - begun)}`);
    return result;
  } catch (error) {
    clear();
    say(`✗ ${name}  ${duration(Date.now() - begun)}`);
    throw error;
  }
}
