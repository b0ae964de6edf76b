import type { FeatureContext } from './feature.ts';
import type { markRows } from './mark-rows.ts';
import type { createNotice } from './notice.ts';
import type { createSecretCard } from './secret-card.ts';
import type { start } from './start.ts';

/** What is loaded into a page only when it is needed, each by a script of its own name. */
export type Parts = {
  features: typeof start;
  'mark-rows': typeof markRows;
  notice: typeof createNotice;
  'secret-card': typeof createSecretCard;
};

/** In our own world, which the page does not share: there the scripts of an extension meet. */
const PARTS = Symbol.for('tokenleash.parts');
const world = globalThis as { [PARTS]?: Partial<Parts> };

/** The part, loaded if it is not there yet; null where the background did not load it. */
export async function loadPart<N extends keyof Parts>(
  name: N,
  send: FeatureContext['send'],
): Promise<Parts[N] | null> {
  if (offeredPart(name) === undefined) await send('page.load', { part: name });
  return offeredPart(name) ?? null;
}

/** The part, if its script has run. */
export function offeredPart<N extends keyof Parts>(name: N): Parts[N] | undefined {
  return world[PARTS]?.[name] as Parts[N] | undefined;
}

/** Called by the script of the part. */
export function offerPart<N extends keyof Parts>(name: N, part: Parts[N]): void {
  world[PARTS] = { ...world[PARTS], [name]: part };
}

/** Those of an earlier version of the extension must not serve this one. */
export function forgetParts(): void {
  delete world[PARTS];
}
