import { describe, expect, it, onTestFinished } from 'vitest';
import { PARTS, type PipelineParts } from '../../../proxy/data/pipeline.ts';
import type { ErrorCode } from '../../../proxy/errors.ts';
import { type PortUnderTest, type PortWish, startPort } from './port.ts';
import { codeOf, type Seen, startUpstream, statusOf, type Upstream } from './wire.ts';

export type Target = PortUnderTest & {
  upstream: Upstream;
  /** Head lines of a request by the client `test`. */
  head(line: string, ...more: string[]): string[];
};

export type Threat = {
  /** The answer to the attack, as it came. */
  attack(target: Target): Promise<string>;
  refused: [status: number, code: ErrorCode];
  /** The pipeline with the step taken out that stands against it. */
  undefended: PipelineParts;
  /** What the upstream got from a successful attack. */
  succeeded(seen: Seen[], target: Target): boolean;
  wish?: Partial<PortWish>;
};

/**
 * One attack, run twice: refused by the pipeline, and successful where its step is taken out. The second run shows
 * that the attack is one, and that this step and no other is what stands against it.
 */
export function threat(
  name: string,
  { attack, refused, undefended, succeeded, wish }: Threat,
): void {
  const run = async (parts: PipelineParts) => {
    const upstream = await startUpstream();
    const port = await startPort({ upstream: upstream.url, ...wish, parts });
    onTestFinished(() => port.dataPort.close());
    const head = (line: string, ...more: string[]) => [
      `${line} HTTP/1.1`,
      `Host: 127.0.0.1:${port.port}`,
      `Authorization: ${port.token}`,
      ...more,
    ];
    const target = { ...port, upstream, head };
    return { target, answer: await attack(target) };
  };

  describe(name, () => {
    it('is refused', async () => {
      const { target, answer } = await run(PARTS);
      expect([statusOf(answer), codeOf(answer)]).toEqual(refused);
      expect(succeeded(target.upstream.seen, target)).toBe(false);
      expect(answer).not.toContain(target.pat);
    });

    it('comes through where its step is taken out', async () => {
      const { target } = await run(undefended);
      expect(succeeded(target.upstream.seen, target)).toBe(true);
    });
  });
}
