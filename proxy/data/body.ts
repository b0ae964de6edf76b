import type { IncomingMessage } from 'node:http';
import type { BodyPlan } from './exchange.ts';

/** Bytes. Up to here a body is read before it is sent, so that it can be sent again; beyond, it is never held. */
export const BUFFER_LIMIT = 64 * 1024;

/** `begun` is what was read of a longer, chunked body before its length showed. */
export type RequestBody =
  | { kind: 'none' }
  | { kind: 'whole'; bytes: Buffer }
  | { kind: 'stream'; begun: Buffer[]; source: IncomingMessage };

const NONE: RequestBody = { kind: 'none' };

/**
 * Reads a request's body where it is small, and hands a long one over as a stream, paused. Calls back once, and
 * never when the caller goes away before.
 */
export function readBody(
  request: IncomingMessage,
  plan: BodyPlan,
  done: (body: RequestBody) => void,
): void {
  if (plan.kind === 'none') {
    done(NONE);
    return;
  }
  if (plan.kind === 'length' && plan.bytes > BUFFER_LIMIT) {
    done({ kind: 'stream', begun: [], source: request });
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = () => {
    request.off('data', take);
    request.off('end', finish);
  };
  const take = (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size <= BUFFER_LIMIT) return;
    stop();
    request.pause();
    done({ kind: 'stream', begun: chunks, source: request });
  };
  const finish = () => {
    stop();
    const [only] = chunks;
    const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    done({ kind: 'whole', bytes });
  };
  request.on('data', take);
  request.on('end', finish);
}
