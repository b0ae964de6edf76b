import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startUnleash } from '../real-unleash/index.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Starts an Unleash in a process of its own, with a Postgres of its own, and does `then`. */
function startElsewhere(then: string, temporary: string, shell?: string): ChildProcess {
  const script = `
    import { runnerImport } from 'vite';
    const options = { root: process.cwd(), configFile: false, logLevel: 'error' };
    const file = process.cwd() + '/test/real-unleash/index.ts';
    const { startUnleash } = (await runnerImport(file, options)).module;
    const unleash = await startUnleash();
    const postgres = process.env.TOKENLEASH_TEST_POSTGRES;
    console.log(JSON.stringify({ url: unleash.url, postgres }));
    ${then}`;
  const { TOKENLEASH_TEST_POSTGRES: _, ...env } = process.env;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const [command = '', ...rest] = shell ? ['/bin/sh', '-c', shell, 'sh', ...node] : node;
  return spawn(command, rest, {
    cwd: root,
    env: { ...env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

async function output(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}

async function firstLine(child: ChildProcess): Promise<{ url: string; postgres: string }> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return JSON.parse(text);
}

/** Polls; the test's own time limit bounds it. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const folders: string[] = [];
async function temporaryFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'tl-'));
  // Postgres may run as a user other than ours.
  await fs.chmod(folder, 0o777);
  folders.push(folder);
  return folder;
}
afterEach(async () => {
  for (const folder of folders.splice(0))
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

const goneAt = (url: string) =>
  fetch(`${url}/health`).then(
    () => false,
    () => true,
  );

// Each starts one or two more servers on a machine that may be busy.
describe('a real Unleash', { timeout: 240_000 }, () => {
  test('is ended with its Postgres when the process that started it is killed by SIGKILL', async () => {
    const temporary = await temporaryFolder();
    const child = startElsewhere('setInterval(() => {}, 1000);', temporary);
    const { url, postgres } = await firstLine(child);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(path.dirname(postgres)).toBe(temporary);

    child.kill('SIGKILL');
    await until(() => goneAt(url));
    await until(async () => (await fs.readdir(temporary)).length === 0);
  });

  test('is ended when Ctrl-C goes to everything that the terminal runs', async () => {
    const temporary = await temporaryFolder();
    const child = startElsewhere('setInterval(() => {}, 1000);', temporary);
    const { url } = await firstLine(child);

    process.kill(-(child.pid ?? Number.NaN), 'SIGINT');
    await until(() => goneAt(url));
    await until(async () => (await fs.readdir(temporary)).length === 0);
  });

  test('is ended when the process that started it crashes', async () => {
    const temporary = await temporaryFolder();
    const child = startElsewhere('throw new Error("crash");', temporary);
    const { url } = await firstLine(child);

    await until(() => goneAt(url));
    await until(async () => (await fs.readdir(temporary)).length === 0);
  });

  test('leaves no file behind when Postgres cannot be set up', async () => {
    const temporary = await temporaryFolder();
    // Files above half a MiB cannot be written: neither Postgres's log nor its libraries.
    const child = startElsewhere('', temporary, `trap '' XFSZ; ulimit -f 1000; exec "$@"`);
    const complaint = await output(child.stderr);
    expect(complaint).toMatch(/Error: /);
    await until(async () => (await fs.readdir(temporary)).length === 0);
  });

  test('says what the server said when it does not start', async () => {
    const options = { env: { DATABASE_NAME: 'missing' }, progress: () => {} };
    await expect(startUnleash(options)).rejects.toThrow(
      /^Unleash 8\.2\.0 did not start: it ended by itself\n.*"missing" does not exist/s,
    );
  });

  test('names the versions that there are when asked for another', async () => {
    const options = { version: '1.2.3', progress: () => {} };
    await expect(startUnleash(options)).rejects.toThrow(
      'There is no Unleash 1.2.3 here, only 8.2.0, 7.4.1, 6.10.1, 5.12.8, 4.19.5',
    );
  });

  test('runs below a sub-path, with secure headers and secure storage, beside another', async () => {
    const shared = sharedUnleash();
    const unleash = await startUnleash({
      basePath: '/flags',
      env: {
        SECURE_HEADERS: 'true',
        UNLEASH_EXPERIMENTAL_SECURE_TOKEN: 'true',
        UNLEASH_EXPERIMENTAL_SECURE_ACCOUNT_TOKEN: 'true',
      },
    });
    try {
      expect(unleash.url).toBe(`http://127.0.0.1:${unleash.port}/flags`);
      const page = await fetch(`${unleash.url}/`);
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
      const { secret } = await unleash.createPat('secure');
      expect(secret).toMatch(/^user:v2_[\w-]{22}_[\w-]{43}$/);
      const asThere = { headers: { authorization: secret } };
      expect((await fetch(`${unleash.url}/api/admin/user`, asThere)).status).toBe(200);
      expect((await fetch(`${shared.url}/api/admin/user`, asThere)).status).toBe(401);
    } finally {
      await unleash.stop();
    }
    expect(await goneAt(unleash.url)).toBe(true);
    expect(await goneAt(shared.url)).toBe(false);
  });

  test.each(['6.10.1', '4.19.5'])('%s has users, sessions and PATs', async (version) => {
    const unleash = await startUnleash({ version });
    try {
      const viewer = await unleash.createUser('Viewer');
      const { id, secret, expiresAt } = await viewer.createPat('mine');
      expect(id).toMatch(/^\d+$/);
      expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
      const answer = await fetch(`${unleash.url}/api/admin/user`, {
        headers: { authorization: secret },
      });
      const { user, permissions } = (await answer.json()) as {
        user: { username: string };
        permissions: unknown[];
      };
      expect(user.username).toBe(viewer.username);
      expect(permissions).toEqual([]);
    } finally {
      await unleash.stop();
    }
  });
});

describe('the lockfiles of the real Unleash', () => {
  test('name no registry host', async () => {
    const folder = path.join(root, 'test/real-unleash');
    const files = await fs.readdir(folder, { recursive: true });
    const lockfiles = files.filter((file) => path.basename(file) === 'package-lock.json');
    expect(lockfiles.length).toBe(6);
    for (const file of lockfiles) {
      expect(await fs.readFile(path.join(folder, file), 'utf8')).not.toContain('"resolved"');
    }
  });
});
