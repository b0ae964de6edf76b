import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Fetch } from '../../shared/unleash/client.ts';
import { EXIT, fileProblem, Problem, quoteForShell } from '../problem.ts';
import { connectionTo } from '../upstream/connection.ts';
import { ConnectionError } from '../upstream/connection-error.ts';
import { readTrust, type Trust, type TrustFiles } from '../upstream/trust.ts';
import { refused } from '../upstream/tunnel.ts';

/** The PEM text of a private CA; throws a Problem for a file that holds no certificate. */
export async function readCaFile(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { message, next } = fileProblem('read', path, error);
    const known = message.includes('unknown') || message.includes('ENOENT');
    throw new Problem(known ? `There is no ${path}.` : message, next, EXIT.usage);
  }
  try {
    new X509Certificate(text);
    return text;
  } catch {
    throw new Problem(
      `${path} holds no certificate in PEM form.`,
      `openssl x509 -in ${quoteForShell(path)} -noout -subject`,
      EXIT.usage,
    );
  }
}

/** For the way to a corporate proxy and through it, in ms. */
const CONNECT_LIMIT_MS = 10_000;
const ANSWER_LIMIT_BYTES = 8 * 1024 * 1024;

/** A profile's PEM files, read and checked; throws a usage Problem that names the file. */
export function readTrustFiles(files: TrustFiles): Trust {
  try {
    return readTrust(files);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const { reason } = error;
    const command = error.next.replace(/^[^:]*: /, '');
    throw new Problem(`${reason[0]?.toUpperCase()}${reason.slice(1)}.`, command, EXIT.usage);
  }
}

/**
 * `fetch` for one server, connected to as the data port does: by the profile's CA and client certificate, and
 * through the corporate proxy that the environment names (Node's own fetch takes neither without undici's agent).
 * Never follows a redirect; the caller's signal bounds the time. Throws a ConnectionError for a corporate proxy that
 * cannot be used.
 */
export function serverFetch(url: string, trust: Trust, env: NodeJS.ProcessEnv): Fetch {
  const connection = connectionTo(url, trust, { env, limitMs: CONNECT_LIMIT_MS });
  const agent = connection.createAgent({ keepAlive: false });
  const { target, pathPrefix, proxyAuthorization, proxy } = connection;
  const { origin } = new URL(url);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return (asked, init) =>
    new Promise((done, failed) => {
      const to = new URL(asked);
      // The agent connects to one server, whatever it is asked for.
      if (to.origin !== origin) {
        failed(new Error('another server was asked for'));
        return;
      }
      const headers: Record<string, string> = { host: to.host };
      for (const [name, value] of new Headers(init.headers)) headers[name] = value;
      if (proxyAuthorization !== null) headers['proxy-authorization'] = proxyAuthorization;
      const body = init.body === undefined || init.body === null ? undefined : String(init.body);
      if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
      const options: RequestOptions = {
        host: target.hostname,
        port: target.port,
        path: pathPrefix + to.pathname + to.search,
        method: init.method ?? 'GET',
        agent,
        headers,
      };
      const sent = send(options, (answer) => {
        if (proxy !== null && answer.statusCode === 407) {
          answer.destroy();
          failed(refused(proxy, to.hostname, 407));
          return;
        }
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > ANSWER_LIMIT_BYTES) answer.destroy(new Error('too large'));
          else chunks.push(chunk);
        });
        answer.on('error', failed);
        answer.on('end', () => done(responseOf(answer, chunks)));
      });
      init.signal?.addEventListener('abort', () => sent.destroy(new Error('aborted')));
      sent.on('error', failed);
      sent.end(body);
    });
}

/** Statuses with which `Response` takes no body, not even an empty one. */
const BODILESS = new Set([101, 204, 205, 304]);

function responseOf(answer: IncomingMessage, chunks: Buffer[]): Response {
  const status = answer.statusCode ?? 502;
  const head = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined) head.set(name, String(value));
  return new Response(BODILESS.has(status) ? null : Buffer.concat(chunks), {
    status,
    headers: head,
  });
}
