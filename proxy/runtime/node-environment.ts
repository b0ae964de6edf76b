import { EXIT, Problem } from '../problem.ts';

/** Flags of Node that let others read this process's memory, run their code in it, or loosen its parser or TLS. */
const HOSTILE =
  /^(?:--inspect(?:-.+)?|--debug(?:-.+)?|-r|--require|--import|--loader|--experimental-loader|--heapsnapshot-.+|--heap-prof|--report-.+|--insecure-http-parser|--tls-keylog|--prof|--cpu-prof)(?:=.*)?$/;

/**
 * Why the proxy must not hold a token in this process, as a Problem, or null. An inspector reads the heap; code that
 * NODE_OPTIONS loads reads everything.
 */
export function hostileEnvironment(
  execArgv: readonly string[],
  env: NodeJS.ProcessEnv,
  inspecting: boolean,
): Problem | null {
  const refuse = (what: string, next: string) =>
    new Problem(
      `${what}, so the proxy does not start: its token could be read.`,
      next,
      EXIT.failure,
    );
  const flag = execArgv.find(isHostile);
  if (flag) return refuse(`Node was started with ${flagName(flag)}`, 'tokenleash start');
  const option = (env.NODE_OPTIONS ?? '').replace(/["\\]/g, '').split(/\s+/).find(isHostile);
  if (option)
    return refuse(`NODE_OPTIONS holds ${flagName(option)}`, 'NODE_OPTIONS= tokenleash start');
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    return refuse(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the check of certificates',
      'NODE_TLS_REJECT_UNAUTHORIZED= tokenleash start',
    );
  if (inspecting) return refuse('A debugger is open in this process', 'tokenleash start');
  return null;
}

/** Node takes `--inspect_brk` for `--inspect-brk`, and in NODE_OPTIONS quotes around any part of a word. */
function isHostile(word: string): boolean {
  const name = flagName(word);
  return HOSTILE.test(name.replaceAll('_', '-') + word.slice(name.length));
}

const flagName = (word: string): string => word.split('=')[0] ?? word;

/** First releases that do not drop header lines beyond 1000 while acting on them (CVE-2026-58044). */
const FIXED: Record<number, readonly [minor: number, patch: number]> = {
  22: [23, 2],
  24: [18, 1],
  26: [5, 1],
};
const FIRST_FIXED = 22;

/** A warning for a Node with known holes in its HTTP parser, or null. Our own caps hold there all the same. */
export function nodeWarning(version: string): string | null {
  const [major = 0, minor = 0, patch = 0] = version.replace(/^v/, '').split('.').map(Number);
  const fixed = FIXED[major];
  const old = fixed ? minor < fixed[0] || (minor === fixed[0] && patch < fixed[1]) : false;
  if (major >= FIRST_FIXED && !old) return null;
  return `Node ${version} has known holes in its HTTP parser. Tokenleash guards against them; Node 22.23.2 or later is better.`;
}
