import { connect } from 'node:net';
import type { FuzzRequest } from './fuzz-requests.ts';

/** ms; the proxy gives up on a head after 10 s, and on a body that nobody wants after 2 s. */
const ANSWER_LIMIT_MS = 60_000;
/** ms without a byte after which a caller closes its side: of an answer, and of none. */
const ANSWERED_MS = 100;
const SILENT_MS = 2_000;

/** Sends it and reads to the end; null where nobody ended it in time. */
export function sendBytes(
  port: number,
  { bytes, pieces, leaves, closesFirst }: FuzzRequest,
): Promise<string | null> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const late = setTimeout(() => {
      socket.destroy();
      done(null);
    }, ANSWER_LIMIT_MS);
    // A caller that has said all and closes its side is one of the ways; the others wait for their answer.
    let quiet: NodeJS.Timeout | undefined;
    const closeAfter = (ms: number) => {
      clearTimeout(quiet);
      quiet = setTimeout(() => socket.end(), ms);
    };
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      closeAfter(ANSWERED_MS);
    });
    // A reset takes what was not read; what the proxy did is seen by the next request.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(late);
      clearTimeout(quiet);
      done(answer);
    });
    const step = Math.max(1, Math.ceil(bytes.length / pieces));
    const more = (at: number) => {
      if (socket.destroyed) return;
      if (at + step < bytes.length) {
        socket.write(bytes.slice(at, at + step), 'latin1');
        setImmediate(() => more(at + step));
      } else if (leaves) socket.write(bytes.slice(at), 'latin1', () => socket.destroy());
      else if (closesFirst) socket.end(bytes.slice(at), 'latin1');
      else {
        socket.write(bytes.slice(at), 'latin1');
        closeAfter(SILENT_MS);
      }
    };
    more(0);
  });
}
