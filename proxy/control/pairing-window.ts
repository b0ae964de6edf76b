import {
  makePairingCode,
  PAIRING_CODE_LIFETIME_MS,
  PAIRING_CODE_TRIES,
  readPairingCode,
} from '../../shared/link/pairing-code.ts';
import type { ControlErrorCode } from './control-errors.ts';

/**
 * For how long after a code was printed another extension still hears why it failed ("expired", "tried too often")
 * instead of nothing. Ends at once when the code has paired a browser.
 */
const EXPLAINS_MS = 10 * 60_000;

type Printed = { code: string; expiresAt: number; triesLeft: number; used: boolean };

/** The one code that can be good at a time. */
export type PairingWindow = {
  /** Prints a new code; the one before is dead from now on. */
  open(port: number): { code: string; expiresAt: number };
  /** Whether an extension that is not paired may speak to the pairing path at all. */
  answersStrangers(): boolean;
  /**
   * One try. `check` says whether the sender has the code. A try is counted before it is checked, so that tries sent
   * side by side are not more than five either.
   */
  attempt(
    check: (code: string) => Promise<boolean>,
  ): Promise<{ ok: true; code: string } | { ok: false; code: ControlErrorCode }>;
};

export function pairingWindow(now: () => number): PairingWindow {
  let printed: Printed | null = null;
  const stateOf = (current: Printed): ControlErrorCode | null => {
    if (current !== printed) return 'link.code_expired';
    if (current.used) return 'link.code_used';
    if (now() >= current.expiresAt) return 'link.code_expired';
    return null;
  };
  return {
    open(port) {
      const code = makePairingCode(port);
      const expiresAt = now() + PAIRING_CODE_LIFETIME_MS;
      printed = {
        code: readPairingCode(code)?.text ?? '',
        expiresAt,
        triesLeft: PAIRING_CODE_TRIES,
        used: false,
      };
      return { code, expiresAt };
    },
    answersStrangers() {
      return printed !== null && !printed.used && now() < printed.expiresAt + EXPLAINS_MS;
    },
    async attempt(check) {
      const current = printed;
      if (current === null) return { ok: false, code: 'link.code_expired' };
      const before = stateOf(current);
      if (before !== null) return { ok: false, code: before };
      if (current.triesLeft === 0) return { ok: false, code: 'link.tries' };
      current.triesLeft -= 1;
      if (!(await check(current.code))) return { ok: false, code: 'link.code_wrong' };
      // While it was checked, its time may have run out or another request may have used it.
      const after = stateOf(current);
      if (after !== null) return { ok: false, code: after };
      current.used = true;
      const { code } = current;
      current.code = '';
      return { ok: true, code };
    },
  };
}
