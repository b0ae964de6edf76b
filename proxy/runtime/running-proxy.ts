import * as v from 'valibot';
import { Problem } from '../problem.ts';
import { exclusively } from './exclusively.ts';
import { type Paths, runningFile } from './paths.ts';
import { readPrivate, removeFile, writePrivate } from './private-file.ts';
import { isAlive, ownMark } from './process-mark.ts';

const addressSchema = v.object({
  /** Data port, e.g. `http://127.0.0.1:4280`. */
  url: v.string(),
  /** Control port, e.g. `http://127.0.0.1:4281`. */
  control: v.string(),
  /** The data port's unix socket, or null. */
  socket: v.nullable(v.string()),
  /** Where it can be reached from beyond this machine, e.g. `https://192.0.2.7:4282`. */
  exposed: v.optional(v.string()),
  /** What pairing makes outlives the proxy. */
  keepsLinks: v.boolean(),
});

const fileSchema = v.object({ mark: v.string(), address: v.nullable(addressSchema) });

export type Address = v.InferOutput<typeof addressSchema>;

/** `address` is null while it still starts. */
export type RunningProxy = { pid: number; address: Address | null };

/** The proxy that runs with these folders, or null. A file left by one that was killed counts as none. */
export async function findRunning(paths: Paths): Promise<RunningProxy | null> {
  const found = await load(paths);
  if (found === null || !isAlive(found.mark)) return null;
  return { pid: Number.parseInt(found.mark, 10), address: found.address };
}

export type Claim = { publish(address: Address): Promise<void>; release(): Promise<void> };

/** Makes this process the one proxy of these folders. Throws a Problem that names the one that is there. */
export async function claimRuntime(paths: Paths): Promise<Claim> {
  const path = runningFile(paths);
  const mark = ownMark();
  const write = (address: Address | null) =>
    // Gone with its process: nothing of it has to outlive the machine.
    writePrivate(path, JSON.stringify({ mark, address }), { lasting: false });
  await exclusively(path, async () => {
    const other = await findRunning(paths);
    if (other) throw alreadyRunning(other);
    await write(null);
  });
  return {
    publish: write,
    async release() {
      const found = await load(paths);
      if (found?.mark === mark) removeFile(path);
    },
  };
}

function alreadyRunning({ pid, address }: RunningProxy): Problem {
  const where = address ? `listens on ${address.url}` : 'is starting';
  return new Problem(`A proxy runs already: process ${pid} ${where}.`, 'tokenleash stop');
}

/** For commands that are nothing without a running proxy. */
export async function requireRunning(paths: Paths): Promise<{ pid: number; address: Address }> {
  const running = await findRunning(paths);
  if (running === null) throw new Problem('No proxy is running.', 'tokenleash start');
  const { pid, address } = running;
  if (address === null)
    throw new Problem(`The proxy (process ${pid}) is still starting.`, 'tokenleash wait');
  return { pid, address };
}

async function load(paths: Paths): Promise<v.InferOutput<typeof fileSchema> | null> {
  const text = await readPrivate(runningFile(paths), 'owner-only');
  if (text === null) return null;
  try {
    const read = v.safeParse(fileSchema, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    // Half a file of a crash long ago; it names nobody.
    return null;
  }
}
