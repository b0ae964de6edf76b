import { request } from 'node:http';
import { codeOf, Problem } from '../problem.ts';
import { controlSocket, type Paths } from './paths.ts';
import { isOwnSocketFolder } from './socket-folder.ts';

/** A local call is answered from memory; a proxy that takes longer hangs. */
const TIMEOUT_MS = 10_000;

/**
 * One call to the running proxy over its control socket. Null when nobody listens there. Throws a Problem with the
 * proxy's own sentence when it refuses, and where the socket's folder is not this user's alone.
 */
export async function callControl(
  paths: Paths,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const text = body === undefined ? '' : JSON.stringify(body);
  if (!isOwnSocketFolder(paths)) return null;
  const reply = await exchange(controlSocket(paths), method, path, text);
  if (reply === null) return null;
  const value = parse(reply.text);
  if (reply.status >= 200 && reply.status < 300) return value;
  const said =
    typeof value === 'object' && value !== null && 'message' in value ? String(value.message) : '';
  throw new Problem(said || `The proxy answered with status ${reply.status}.`, 'tokenleash status');
}

function exchange(
  socketPath: string,
  method: string,
  path: string,
  text: string,
): Promise<{ status: number; text: string } | null> {
  return new Promise((done, failed) => {
    const headers: Record<string, string | number> = { host: 'localhost' };
    if (method === 'POST') {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(text);
    }
    const sent = request({ socketPath, method, path, headers, timeout: TIMEOUT_MS }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        done({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
      answer.on('error', failed);
    });
    sent.on('timeout', () => {
      sent.destroy();
      failed(new Problem('The running proxy does not answer.', 'tokenleash stop'));
    });
    sent.on('error', (error) => {
      const nobody = ['ENOENT', 'ECONNREFUSED'].includes(codeOf(error));
      if (nobody) done(null);
      else failed(new Problem('The running proxy broke off.', 'tokenleash status'));
    });
    sent.end(text);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Has a running proxy read its files again; says whether one was there. Called when the change is written: a Problem
 * says so, and what the proxy did not take up.
 */
export async function reloadRunning(paths: Paths): Promise<boolean> {
  try {
    return (await callControl(paths, 'POST', '/local/reload', {})) !== null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(
      `The change is written, but the running proxy did not take up all of it: ${error.message}`,
      error.next,
    );
  }
}
