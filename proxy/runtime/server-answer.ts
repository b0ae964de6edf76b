import { request } from 'node:http';
import { ERRORS, type ErrorCode, exitCodeOf } from '../errors.ts';
import { EXIT, Problem } from '../problem.ts';
import type { Address } from './running-proxy.ts';

/** How the server of the current profile answers through a running proxy: `problem` is null where it takes the token. */
export type ServerAnswer = { code: string | null; problem: Problem | null };

/** Asks who the token belongs to, which every token may. */
const PATH = '/api/admin/user';
/** A little more than the proxy itself waits for a first byte. */
const TIMEOUT_MS = 45_000;

/** One request over the proxy's unix socket, whose callers need no token. */
export async function serverAnswer({ socket, url }: Address): Promise<ServerAnswer> {
  if (socket === null)
    return {
      code: null,
      problem: new Problem(
        `The proxy at ${url} has no unix socket to ask over.`,
        'tokenleash status',
      ),
    };
  const answer = await ask(socket);
  if (answer === null)
    return { code: null, problem: new Problem('The proxy broke off.', 'tokenleash status') };
  const { status, code, message } = answer;
  if (status >= 200 && status < 300) return { code: null, problem: null };
  if (code !== null && Object.hasOwn(ERRORS, code)) {
    const known = code as ErrorCode;
    const said = message ?? `The server is not in use: ${code}.`;
    return { code, problem: new Problem(said, 'tokenleash profile show', exitCodeOf(known)) };
  }
  const problem = new Problem(
    `The server answered with status ${status}.`,
    'tokenleash profile show',
    status === 401 || status === 403 ? EXIT.credential : EXIT.failure,
  );
  return { code, problem };
}

type Answer = { status: number; code: string | null; message: string | null };

function ask(socketPath: string): Promise<Answer | null> {
  return new Promise((done) => {
    const sent = request(
      { socketPath, path: PATH, headers: { host: 'localhost' }, timeout: TIMEOUT_MS, agent: false },
      (answer) => {
        const code = answer.headers['x-tokenleash-error'];
        const status = answer.statusCode ?? 0;
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('error', () => done(null));
        answer.on('end', () =>
          done({ status, code: typeof code === 'string' ? code : null, message: messageIn(text) }),
        );
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => done(null));
    sent.end();
  });
}

function messageIn(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    const has = typeof body === 'object' && body !== null && 'message' in body;
    return has ? String(body.message) : null;
  } catch {
    return null;
  }
}
