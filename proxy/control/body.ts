import type { IncomingMessage } from 'node:http';
import type { ControlRefusal } from './control-errors.ts';

/** Bytes of one body. A hand-over has a few hundred. */
export const BODY_LIMIT = 64 * 1024;

/** The whole body, or a refusal as soon as it is known to be too large. */
export async function readBody(
  request: IncomingMessage,
): Promise<{ bytes: Uint8Array<ArrayBuffer> } | ControlRefusal> {
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT)
    return { refused: 'request.body' };
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > BODY_LIMIT) return { refused: 'request.body' };
      chunks.push(chunk);
    }
  } catch {
    return { refused: 'request.framing' };
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
    chunk.fill(0);
  }
  return { bytes };
}

export function isJson(request: IncomingMessage): boolean {
  return /^application\/json(?:\s*;|$)/i.test(request.headers['content-type'] ?? '');
}

/** The parsed text, or undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
