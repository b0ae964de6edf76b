// The load: requests over keep-alive connections, on bare sockets so that it takes little of its core. Takes orders
// over IPC and answers each. Every answer must be a 200 of the length it promised; anything else fails the order.
import { connect } from 'node:net';
import { median, percentile } from './numbers.mjs';

const LONG_PIECE = Buffer.alloc(64 * 1024, 'a piece of a long request. ');
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CLOSES = /\r\nconnection: *close/i;

/**
 * @typedef {{ url: string, path: string, writePath: string, token: string }} Target
 */

/** @param {Target} target @param {string} method @param {number} bytes of the body */
function headOf({ url, path, token }, method, bytes = 0) {
  const length = method === 'GET' ? '' : `content-length: ${bytes}\r\n`;
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\nauthorization: ${token}\r\naccept: application/json\r\nuser-agent: tokenleash-bench\r\n${length}\r\n`,
  );
}

/**
 * One connection that asks for one answer at a time.
 *
 * @param {string} url
 * @param {(error: Error) => void} failed
 */
function openConnection(url, failed) {
  const { hostname, port } = new URL(url);
  let socket = null;
  let before = '';
  /** Bytes of the answer's body that are still to come, or -1 while its head is. */
  let left = -1;
  /** @type {null | (() => void)} */
  let done = null;
  let over = false;
  /** The answer said that no other comes on this connection. */
  let closes = false;

  const finish = () => {
    left = -1;
    before = '';
    if (closes) leave();
    const tell = done;
    done = null;
    tell?.();
  };
  const take = (chunk) => {
    if (left < 0) {
      const text = before + chunk.latin1Slice();
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) {
        before = text;
        return;
      }
      const length = LENGTH.exec(text.slice(0, end));
      if (text.slice(9, 12) !== '200' || length === null) {
        fail(new Error(`An answer is no good: ${text.slice(0, end)}`));
        return;
      }
      closes = CLOSES.test(text.slice(0, end));
      left = Number(length[1]) - (text.length - end - 4);
    } else {
      left -= chunk.length;
    }
    if (left === 0) finish();
    else if (left < 0) fail(new Error('An answer is longer than it said.'));
  };
  const fail = (error) => {
    if (over) return;
    over = true;
    socket?.destroy();
    failed(error);
  };
  /** As every client does: the server need not be first. */
  const leave = () => {
    closes = false;
    const last = socket;
    socket = null;
    last?.end();
  };
  const open = () => {
    const opened = connect({ host: hostname, port: Number(port), noDelay: true });
    socket = opened;
    opened.on('data', take);
    opened.on('error', (error) => {
      if (socket === opened) fail(new Error(`A connection broke: ${error.message}`));
    });
    opened.on('close', () => {
      if (socket !== opened) return;
      if (!over && done !== null) fail(new Error('A connection was closed before its answer.'));
      else socket = null;
    });
  };
  return {
    /** Sends a request; `then` is called when its answer has come whole. */
    ask(request, then) {
      if (socket === null || !socket.writable) open();
      done = then;
      return socket.write(request);
    },
    write: (bytes) => socket.write(bytes),
    onDrain: (go) => socket.once('drain', go),
    close() {
      over = true;
      socket?.destroy();
    },
  };
}

/** Load that goes on until it is closed. @param {Target} target @param {number} connections */
function openLoad(target, connections) {
  const request = headOf(target, 'GET');
  const load = { requests: 0, latencies: [], keepLatencies: false, failure: null, close };
  const open = Array.from({ length: connections }, () => {
    const connection = openConnection(target.url, (error) => {
      load.failure ??= error;
    });
    const next = () => {
      const begun = performance.now();
      connection.ask(request, () => {
        load.requests += 1;
        if (load.keepLatencies) load.latencies.push(performance.now() - begun);
        if (!closed) next();
      });
    };
    next();
    return connection;
  });
  let closed = false;
  function close() {
    closed = true;
    for (const connection of open) connection.close();
  }
  return load;
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** With fewer answers than these there is no figure: on a machine that is busy elsewhere, a slice lasts longer. */
const LEAST_ANSWERS = 10;
const ANSWERS_LIMIT_MS = 60_000;

/** Waits until a load has had so many answers. */
async function answers(load, count) {
  const end = performance.now() + ANSWERS_LIMIT_MS;
  while (load.requests < count && !load.failure && performance.now() < end) await wait(10);
}

const loads = new Map();
/** Idle connections. */
let held = [];

const ORDERS = {
  /** Begins load under a name. */
  open({ name, target, connections }) {
    loads.set(name, openLoad(target, connections));
  },
  /** How many requests each load has had answered, once each has had some more than `before`. */
  async counts({ before = {} }) {
    for (const [name, load] of loads)
      if (name in before) await answers(load, before[name] + LEAST_ANSWERS);
    return Object.fromEntries(
      [...loads].map(([name, { requests, failure }]) => {
        if (failure) throw failure;
        return [name, requests];
      }),
    );
  },
  closeAll() {
    for (const load of loads.values()) load.close();
    loads.clear();
  },
  /** Load for so long, after a start that does not count; latencies in ms. */
  async slice({ target, connections, warmMs, ms }) {
    const load = openLoad(target, connections);
    try {
      await wait(warmMs);
      const before = load.requests;
      load.keepLatencies = true;
      const begun = performance.now();
      await wait(ms);
      await answers(load, before + LEAST_ANSWERS);
      const seconds = (performance.now() - begun) / 1000;
      if (load.failure) throw load.failure;
      const { latencies } = load;
      return {
        perSecond: (load.requests - before) / seconds,
        p50: median(latencies),
        p99: percentile(latencies, 0.99),
      };
    } finally {
      load.close();
    }
  },
  /** So many requests, one after the other on each connection. */
  requests({ target, connections, count }) {
    const request = headOf(target, 'GET');
    let left = count;
    let open = connections;
    return new Promise((resolve, reject) => {
      for (let at = 0; at < connections; at += 1) {
        const connection = openConnection(target.url, reject);
        const next = () => {
          left -= 1;
          if (left >= 0) return connection.ask(request, next);
          connection.close();
          open -= 1;
          if (open === 0) resolve();
        };
        next();
      }
    });
  },
  /** One long answer; seconds. */
  down({ target, bytes }) {
    const path = `${target.path}?bytes=${bytes}`;
    return new Promise((resolve, reject) => {
      const connection = openConnection(target.url, reject);
      const begun = performance.now();
      connection.ask(headOf({ ...target, path }, 'GET'), () => {
        resolve((performance.now() - begun) / 1000);
        connection.close();
      });
    });
  },
  /** One long request; seconds. */
  up({ target, bytes }) {
    const head = headOf({ ...target, path: target.writePath }, 'POST', bytes);
    return new Promise((resolve, reject) => {
      const connection = openConnection(target.url, reject);
      const begun = performance.now();
      let left = bytes;
      const go = () => {
        while (left > 0) {
          const piece = left < LONG_PIECE.length ? LONG_PIECE.subarray(0, left) : LONG_PIECE;
          left -= piece.length;
          if (connection.write(piece)) continue;
          connection.onDrain(go);
          return;
        }
      };
      connection.ask(head, () => {
        resolve((performance.now() - begun) / 1000);
        connection.close();
      });
      go();
    });
  },
  /** Connections that each had one answer and stay open. */
  async hold({ target, connections }) {
    const request = headOf(target, 'GET');
    for (let at = 0; at < connections; at += 1) {
      await new Promise((resolve, reject) => {
        const connection = openConnection(target.url, reject);
        held.push(connection);
        connection.ask(request, resolve);
      });
    }
  },
  release() {
    for (const connection of held) connection.close();
    held = [];
  },
};

process.on('message', async ({ id, order, ...details }) => {
  try {
    process.send({ id, result: (await ORDERS[order](details)) ?? null });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
process.once('disconnect', () => process.exit());
console.log('ready');
