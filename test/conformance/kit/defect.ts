import { describe, it } from 'vitest';

/**
 * One defect of http-proxy 1.18.1: `bare` shows it on the library alone, so that we notice should it go away;
 * `ours` shows that it does not come through the data port.
 */
export function defect(
  name: string,
  { bare, ours }: { bare(): Promise<void>; ours(): Promise<void> },
): void {
  describe(name, () => {
    it('shows on the bare library', bare);
    it('does not show through the data port', ours);
  });
}
