// Has V8 compile what `tokenleash start` and its first requests need, and keeps what it made of it beside the built
// file: a sixth of the CPU time of a start. It is good for this build, this Node and its flags alone; elsewhere V8
// compiles as ever.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');
/** A build of the same code need not run it again. */
const KEPT = join(root, 'node_modules/.cache/tokenleash');
const LIMIT_MS = 30_000;
/** What is compiled later than this is of no use to a start. */
const REQUESTS = 3;

/** Writes `<program>.cache`. @param {string} program path of the built file */
export async function writeCodeCache(program) {
  const id = /^const BUILD = '(\w+)';$/m.exec(await readFile(program, 'utf8'))?.[1];
  const kept = join(KEPT, `${id}-${process.version}-${process.arch}`);
  const target = `${program}.cache`;
  if (
    await copyFile(kept, target).then(
      () => true,
      () => false,
    )
  )
    return;
  await mkdir(KEPT, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'tl-warm-'));
  const server = createServer((_request, response) => response.end('{"projects":[]}'));
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await warm(program, `http://127.0.0.1:${server.address().port}`, folder);
    // Whole or not at all: another build may read it.
    await copyFile(join(folder, 'cache'), `${kept}.${process.pid}`);
    await rename(`${kept}.${process.pid}`, kept);
    await copyFile(kept, target);
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** Runs the proxy with a profile and a client, asks it a few times, and ends it: then it writes its cache. */
async function warm(program, upstream, folder) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('TOKENLEASH_') && !/^(?:NODE_OPTIONS|\w+_proxy)$/i.test(name),
  );
  const env = {
    ...Object.fromEntries(kept),
    TOKENLEASH_HOME: join(folder, 'home'),
    WARM_PROGRAM: program,
    WARM_CACHE: join(folder, 'cache'),
  };
  const run = (words, { script = program, input = '', onLine = () => undefined } = {}) =>
    runToEnd([script, ...words], { env, input, onLine });
  const token = `user:${'0'.repeat(56)}`;
  const store = ['--token-from', 'stdin', '--store', 'sealed-file', '--unattended'];
  await run(['profile', 'add', 'warm', '--url', upstream, ...store], { input: `${token}\n` });
  const client = JSON.parse(await run(['client', 'add', 'warm', '--json']));
  await run(['start', '--port', '0', '--control-port', '0', '--json'], {
    script: join(import.meta.dirname, 'code-cache-run.mjs'),
    async onLine(line, child) {
      try {
        const { url } = JSON.parse(line);
        for (let asked = 0; asked < REQUESTS; asked += 1)
          await (
            await fetch(`${url}/api/admin/projects`, { headers: { authorization: client.token } })
          ).text();
      } finally {
        child.kill('SIGTERM');
      }
    },
  });
}

/** A program of ours to its end; gives its stdout. Throws what it said where it fails. */
async function runToEnd(words, { env, input, onLine }) {
  const child = spawn(process.execPath, words, { env, timeout: LIMIT_MS });
  let stdout = '';
  let stderr = '';
  let asked = Promise.resolve();
  createInterface({ input: child.stdout }).once('line', (line) => {
    asked = Promise.resolve(onLine(line, child));
  });
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  await asked;
  // 143: ended by the signal that it was sent.
  if (code !== 0 && code !== 143)
    throw new Error(`${words.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}
