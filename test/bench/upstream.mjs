// Stands for Unleash: answers as cheaply as a program can, so that what is measured is the proxy. On bare sockets,
// since node:http here would take as long as a proxy does. Takes the right token only. Its head is that of Unleash
// 8.2.0 for a PAT, line by line, since each line costs a proxy something; so is what it says of the connection.
// GET gives 2 KiB of JSON, or as many bytes as `?bytes=` says; POST swallows its body and gives `{}`.
import { createServer } from 'node:net';

const token = process.env.BENCH_PAT;
const ANSWER_BYTES = 2048;
const PIECE = Buffer.alloc(64 * 1024, 'a piece of a long answer. ');

const head = (status, bytes, closes) =>
  [
    `HTTP/1.1 ${status}`,
    'RateLimit-Policy: 1000000;w=60',
    'RateLimit-Limit: 1000000',
    'RateLimit-Remaining: 999999',
    'RateLimit-Reset: 60',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${bytes}`,
    'ETag: W/"17b-v3az1/XuE5ORvaL+mOAUxcTiRco"',
    'Vary: Accept-Encoding',
    'Date: Mon, 01 Jan 2024 00:00:00 GMT',
    ...(closes ? ['Connection: close'] : ['Connection: keep-alive', 'Keep-Alive: timeout=15']),
    '\r\n',
  ].join('\r\n');

/** Made once for connections that stay and for those that close. @param {string} status @param {string} body */
const answerOf = (status, body) =>
  [false, true].map((closes) => Buffer.from(head(status, body.length, closes) + body));
const json = JSON.stringify({ version: 1, projects: [] });
const SMALL = answerOf('200 OK', json.padEnd(ANSWER_BYTES));
const DONE = answerOf('200 OK', '{}');
const REFUSED = answerOf('401 Unauthorized', '{}');

/** @param {import('node:net').Socket} socket @param {number} bytes @param {boolean} closes */
function giveLong(socket, bytes, closes) {
  socket.write(head('200 OK', bytes, closes));
  let left = bytes;
  const go = () => {
    while (left > 0) {
      const piece = left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
      left -= piece.length;
      if (!socket.write(piece) && left > 0) {
        socket.once('drain', go);
        return;
      }
    }
    if (closes) socket.end();
  };
  go();
}

const LENGTH = /\r\ncontent-length: *(\d+)/i;

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let before = '';
  /** Bytes of a body that are still to come. */
  let body = 0;
  let closes = false;

  const answer = ([stays, ends]) => {
    if (closes) socket.end(ends);
    else socket.write(stays);
  };

  const takeHead = (text) => {
    const authorization = /\r\nauthorization: *(?:bearer +)?([^\r]*)/i.exec(text)?.[1];
    closes = /\r\nconnection: *close/i.test(text);
    body = Number(LENGTH.exec(text)?.[1] ?? 0);
    if (authorization !== token) return answer(REFUSED);
    if (body > 0) return;
    if (!text.startsWith('GET ')) return answer(DONE);
    const wanted = /^GET [^ ]*[?&]bytes=(\d+)/.exec(text)?.[1];
    if (wanted === undefined) answer(SMALL);
    else giveLong(socket, Number(wanted), closes);
  };

  socket.on('data', (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (body > 0) {
        const taken = Math.min(body, rest.length);
        body -= taken;
        rest = rest.subarray(taken);
        if (body === 0) answer(DONE);
        continue;
      }
      const text = before + rest.latin1Slice();
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) {
        before = text;
        return;
      }
      rest = rest.subarray(end + 4 - before.length);
      before = '';
      takeHead(text.slice(0, end + 2));
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
