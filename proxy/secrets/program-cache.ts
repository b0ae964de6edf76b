import type { SecretResult, StoredSecret } from './secret.ts';

/** A token without an expiry is asked for again after so long: it may have been replaced where it comes from. */
export const KEPT_WITHOUT_EXPIRY_MS = 5 * 60_000;

/** After a refusal by the server a program is run again, but not more often than this. */
const AGAIN_AFTER_REFUSAL_MS = 10_000;

/** Tokens that programs gave, in memory, each until it expires. */
export type ProgramCache = {
  /** The token under this key, else what `read` gives; however many ask at once, one `read` runs. */
  get(key: string, read: () => Promise<SecretResult>): SecretResult | Promise<SecretResult>;
  /** What was given last under this key, without asking; undefined where nothing was asked yet. */
  last(key: string): SecretResult | undefined;
  /** The server did not take this token: the next `get` asks again. */
  refused(key: string): void;
  /** Forgets all other keys. */
  retain(keys: ReadonlySet<string>): void;
};

type Kept = { secret: StoredSecret; readAt: number; until: number };

/** `now`: wall clock, ms. An expired token is never given. */
export function createProgramCache(now: () => number): ProgramCache {
  const kept = new Map<string, Kept>();
  const running = new Map<string, Promise<SecretResult>>();
  const failures = new Map<string, SecretResult>();

  const ask = async (key: string, read: () => Promise<SecretResult>): Promise<SecretResult> => {
    const result = await read();
    if (!result.ok) {
      failures.set(key, result);
      return result;
    }
    failures.delete(key);
    const { expiresAt } = result.secret;
    const readAt = now();
    const until = expiresAt === null ? readAt + KEPT_WITHOUT_EXPIRY_MS : Date.parse(expiresAt);
    kept.set(key, { secret: result.secret, readAt, until });
    return result;
  };

  const fresh = (key: string): SecretResult | null => {
    const found = kept.get(key);
    if (!found) return null;
    if (now() < found.until) return { ok: true, secret: found.secret };
    kept.delete(key);
    return null;
  };

  return {
    get(key, read) {
      const found = fresh(key);
      if (found) return found;
      const under = running.get(key);
      if (under) return under;
      const asked = ask(key, read).finally(() => running.delete(key));
      running.set(key, asked);
      return asked;
    },
    last: (key) => fresh(key) ?? failures.get(key),
    refused(key) {
      const found = kept.get(key);
      if (found && now() - found.readAt >= AGAIN_AFTER_REFUSAL_MS) kept.delete(key);
    },
    retain(keys) {
      for (const map of [kept, failures])
        for (const key of map.keys()) if (!keys.has(key)) map.delete(key);
    },
  };
}
