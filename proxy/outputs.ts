import { writeSync } from 'node:fs';
import { endsWithReader } from './commands/reader-gone.ts';
import { codeOf, EXIT } from './problem.ts';

/** Bytes. A pipe takes them without a reader; beyond, a proxy must not stand still for one that does not come. */
const DIRECT_LIMIT = 8 * 1024;

type Name = 'stdout' | 'stderr';
const FILES = { stdout: 1, stderr: 2 } as const;

/** Where this process writes. */
export type Outputs = {
  /** Node's stream, made when it is first asked for. */
  stream(name: Name): NodeJS.WriteStream;
  /**
   * Writes a line. Straight to the file while nobody asked for the stream and little was written: to make one takes Node
   * 7 ms of CPU time, more than a short command does.
   */
  line(name: Name, text: string): void;
  /** All that was written is handed to the system. */
  drained(): Promise<void>;
};

export function createOutputs(): Outputs {
  const streams = new Map<Name, NodeJS.WriteStream>();
  let direct = 0;

  const stream = (name: Name): NodeJS.WriteStream => {
    const known = streams.get(name);
    if (known !== undefined) return known;
    const made = process[name];
    streams.set(name, made);
    made.on('error', (error) => failed(error));
    return made;
  };

  return {
    stream,
    line(name, text) {
      let left: Uint8Array = Buffer.from(`${text}\n`);
      direct += left.length;
      try {
        // Where the stream is there, something of it may still wait to be written.
        while (left.length > 0 && direct <= DIRECT_LIMIT && !streams.has(name))
          left = left.subarray(writeSync(FILES[name], left));
      } catch (error) {
        if (isReaderGone(error)) return failed(error);
        // A full pipe that does not wait, a file that is closed: what is to be done then, the stream knows.
      }
      if (left.length > 0) stream(name).write(left);
    },
    async drained() {
      await Promise.all(
        [...streams.values()].map(
          (made) => new Promise<void>((done) => made.write('', () => done())),
        ),
      );
    },
  };
}

const isReaderGone = (error: unknown): boolean =>
  ['EPIPE', 'ERR_STREAM_DESTROYED'].includes(codeOf(error));

/** A reader such as `head` that has seen enough is no failure of ours. */
function failed(error: unknown): void {
  if (!isReaderGone(error)) throw error;
  if (endsWithReader()) process.exit(EXIT.ok);
}
