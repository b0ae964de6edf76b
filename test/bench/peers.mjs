// What is measured beside each other, each started in a process of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { runProgram, startProgram } from './processes.mjs';

/**
 * @typedef {{ child: import('node:child_process').ChildProcess, pid: number, url: string, token: string }} Running
 * @typedef {{ name: string, label: string, start(stage: import('./stage.mjs').Stage): Promise<Running> }} Peer
 */

/** The base of all ratios. */
export const BASE = 'http-proxy-agent';

const READY_LIMIT_MS = 10_000;

/** @returns {Peer[]} what can run here, our own first */
export function findPeers() {
  const nginx = nginxVersion();
  return [
    { name: 'tokenleash', label: 'tokenleash', start: startTokenleash },
    script('http-proxy-agent', 'http-proxy 1.18.1, keep-alive agent'),
    script('http-proxy-default', 'http-proxy 1.18.1 as its README shows it'),
    script('http-proxy-3', 'http-proxy-3 1.23.3, keep-alive agent'),
    script('httpxy', 'httpxy 0.5.6, keep-alive agent'),
    ...(nginx === null ? [] : [{ name: 'nginx', label: `nginx ${nginx}`, start: startNginx }]),
  ];
}

/** No proxy, but the floor of what a server on Node costs. @type {Peer} */
export const HELLO_WORLD = script('hello-world', 'hello world on node:http');

/** Bytes passed on by Node and no more: what every proxy on it has to pay. @type {Peer} */
export const SOCKET_RELAY = script('socket-relay', 'two sockets of Node, no HTTP', 'pat');

/**
 * @param {string} name
 * @param {string} label
 * @param {'pat' | 'anyToken'} token what the load brings; who puts no token in needs the right one
 * @returns {Peer}
 */
function script(name, label, token = 'anyToken') {
  return {
    name,
    label,
    async start(stage) {
      const file = join(import.meta.dirname, 'peers', `${name}.mjs`);
      const { child, pid, line } = await startProgram('proxy', [process.execPath, file], {
        env: stage.env,
      });
      return { child, pid, url: line, token: stage[token] };
    },
  };
}

/** @param {import('./stage.mjs').Stage} stage @returns {Promise<Running>} */
async function startTokenleash(stage) {
  const words = ['start', '--port', '0', '--control-port', '0', '--json'];
  const { child, pid, line } = await startProgram(
    'proxy',
    [process.execPath, stage.program, ...words],
    { env: stage.env },
  );
  return { child, pid, url: JSON.parse(line).url, token: stage.phantomToken };
}

function nginxVersion() {
  try {
    const text = execFileSync('sh', ['-c', 'nginx -v 2>&1'], { encoding: 'utf8' });
    return /nginx\/([\d.]+)/.exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** @param {import('./stage.mjs').Stage} stage @returns {Promise<Running>} */
async function startNginx(stage) {
  const folder = mkdtempSync(join(stage.folder, 'nginx-'));
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, nginxConfig(folder, port, stage));
  const words = ['nginx', '-p', folder, '-c', config, '-e', 'stderr'];
  const url = `http://127.0.0.1:${port}`;
  const { child, pid } = await startProgram('proxy', words, {
    ready: () => accepts(port).then(() => url),
  });
  return { child, pid, url, token: stage.anyToken };
}

/** One process, as the others are; bodies pass as they come; no connection ends by a count. */
function nginxConfig(folder, port, { upstream, pat }) {
  return `daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  upstream server_behind {
    server ${new URL(upstream).host};
    keepalive 256;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://server_behind;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Authorization "${pat}";
      proxy_request_buffering off;
      proxy_max_temp_file_size 0;
    }
  }
}
`;
}

/** nginx cannot pick one. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** @param {number} port */
async function accepts(port) {
  const patience = performance.now() + READY_LIMIT_MS;
  for (;;) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('close', () => socket.destroy());
      socket.once('connect', () => socket.end());
    });
    if (open) return;
    if (performance.now() > patience) throw new Error(`nothing listens on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Our proxy as a user has it: built file, all checks on, a profile with its token in the sealed file that needs no
 * passphrase, one client.
 *
 * @param {{ program: string, upstream: string, pat: string, env: NodeJS.ProcessEnv }} stage
 * @returns {Promise<string>} the client's phantom token
 */
export async function prepareTokenleash({ program, upstream, pat, env }) {
  const tokenleash = (words, input) =>
    runProgram('others', [process.execPath, program, ...words], { env, input });
  const store = ['--token-from', 'stdin', '--store', 'sealed-file', '--unattended'];
  await tokenleash(['profile', 'add', 'bench', '--url', upstream, ...store], `${pat}\n`);
  const { stdout } = await tokenleash(['client', 'add', 'load', '--access', 'write', '--json']);
  return JSON.parse(stdout).token;
}
