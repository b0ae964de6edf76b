import { Agent, request } from 'node:http';
import { connect } from 'node:net';

export type Answer = { status: number; code: string | undefined; body: string };

/** One local tool with its own kept connections. */
export type Caller = {
  /** Rejects where the answer broke off. */
  ask(method: string, path: string, body?: object): Promise<Answer>;
  close(): void;
};

/** A tool that asks at `url` with that phantom token. */
export function callerOf(url: string, token: string): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const send = (method: string, path: string, body: object | undefined) =>
    new Promise<Answer>((done, failed) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        authorization: token,
        ...(body && { 'content-type': 'application/json', 'content-length': text.length }),
      };
      const asked = request(url + path, { method, headers, agent }, (answer) => {
        let read = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          read += chunk;
        });
        answer.on('error', failed);
        answer.on('end', () =>
          done({
            status: answer.statusCode ?? 0,
            code: answer.headers['x-tokenleash-error'] as string | undefined,
            body: read,
          }),
        );
      });
      asked.on('error', (error: NodeJS.ErrnoException) => {
        // The proxy closed an idle connection in the very moment in which it was taken again.
        if (asked.reusedSocket && error.code === 'ECONNRESET')
          send(method, path, body).then(done, failed);
        else failed(error);
      });
      asked.end(text);
    });
  return { ask: (method, path, body) => send(method, path, body), close: () => agent.destroy() };
}

/** A caller that leaves: amid its request, amid its upload, or before it has read its answer. */
export function leave(port: number, token: string, way: 'head' | 'upload' | 'answer') {
  const head = `Host: 127.0.0.1:${port}\r\nAuthorization: ${token}\r\n`;
  const bytes = {
    head: `GET /api/admin/projects HTTP/1.1\r\n${head}`,
    upload: `POST /api/admin/projects/default/features HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n${'{'.repeat(70_000)}`,
    answer: `GET /api/admin/search/features HTTP/1.1\r\n${head}\r\n`,
  }[way];
  return new Promise<void>((gone) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes, () => setTimeout(() => socket.destroy(), 2));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => gone());
  });
}
