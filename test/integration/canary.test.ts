/**
 * A real PAT is put through every command and path of the proxy; then everything that a person, another user or a
 * backup could read is searched for it: files, output, answers, command lines, environments.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenleashCli } from '../../scripts/proxy-process.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';

const program = join(import.meta.dirname, '../../dist/proxy/tokenleash.js');

/** The secret in every form that a careless program might leave it in. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // The random part alone too: a log that cuts the prefix off has leaked all the same.
  const core = secret.slice(secret.indexOf(':') + 1);
  return [
    core,
    [...core].reverse().join(''),
    bytes.toString('hex'),
    encodeURIComponent(secret),
    ...[0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), Buffer.from(core)])
        .toString('base64')
        .slice(4, -4),
    ),
  ];
}

function findIn(data: Buffer, secret: string): boolean {
  const wide = Buffer.from(secret.slice(secret.indexOf(':') + 1), 'utf16le');
  return forms(secret).some((form) => data.includes(form)) || data.includes(wide);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Command lines and environments of a process and all its descendants, as the kernel shows them. */
function processTexts(pid: number): { what: string; data: Buffer }[] {
  const texts: { what: string; data: Buffer }[] = [];
  for (const part of ['cmdline', 'environ']) {
    texts.push({ what: `${part} of ${pid}`, data: readFileSync(`/proc/${pid}/${part}`) });
  }
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  for (const child of children === '' ? [] : children.split(' '))
    texts.push(...processTexts(Number(child)));
  return texts;
}

describe('the search itself', () => {
  it('finds a secret in clear, in base64, in hex and in UTF-16', () => {
    const secret = `user:${'0123456789abcdef'.repeat(4).slice(0, 56)}`;
    for (const data of [
      `x ${secret} y`,
      Buffer.from(`{"authorization":"${secret}"}`).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ]) {
      expect(findIn(Buffer.from(data), secret)).toBe(true);
    }
    expect(findIn(Buffer.from(`x ${secret}`, 'utf16le'), secret)).toBe(true);
    expect(findIn(Buffer.from('nothing here'), secret)).toBe(false);
  });
});

describe('a canary PAT', () => {
  const home = mkdtempSync(join(tmpdir(), 'tokenleash-canary-'));
  const elsewhere = mkdtempSync(join(tmpdir(), 'tokenleash-canary-user-'));
  const cli = tokenleashCli(home);
  const outputs: { what: string; text: string }[] = [];
  let secret = '';
  let running: Awaited<ReturnType<typeof cli.start>> | null = null;

  async function run(args: string[], input?: string) {
    const result = await cli.run(args, input);
    outputs.push({ what: `tokenleash ${args.join(' ')}`, text: result.stdout + result.stderr });
    return result;
  }

  /** Status, headers and body of an answer of the data port, as raw text. */
  async function ask(
    url: string,
    method: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = `${answer.rawHeaders.join('\n')}\n\n${Buffer.concat(chunks).toString()}`;
          outputs.push({ what: `${method} ${url}`, text });
          resolve({ status: answer.statusCode ?? 0, text });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  beforeAll(async () => {
    const unleash = sharedUnleash();
    secret = (await unleash.createPat(`canary-${Date.now()}`)).secret;
    const added = await run(
      [
        'profile',
        'add',
        'stored',
        '--url',
        unleash.url,
        '--token-from',
        'stdin',
        '--store',
        'sealed-file',
        '--unattended',
      ],
      `${secret}\n`,
    );
    expect(added.code, added.stderr).toBe(0);
    running = await cli.start(['--port', '0', '--control-port', '0']);
  });

  afterAll(async () => {
    await running?.stop();
    for (const folder of [home, elsewhere])
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  });

  it('goes through commands and requests, good and bad, and works', async () => {
    if (!running) throw new Error('the proxy did not start');
    const made = await run(['client', 'add', 'writer', '--access', 'write', '--json']);
    const phantom = (JSON.parse(made.stdout) as { token: string }).token;
    const { url } = running;
    const authorization = phantom;
    expect((await ask(`${url}/api/admin/projects`, 'GET', { authorization })).status).toBe(200);
    // The server's own answers that come nearest to holding the credential.
    expect((await ask(`${url}/api/admin/user`, 'GET', { authorization })).status).toBe(200);
    await ask(`${url}/api/admin/user/tokens`, 'GET', { authorization });
    await ask(
      `${url}/api/admin/projects/nope/features`,
      'POST',
      { authorization, 'content-type': 'application/json' },
      '{',
    );
    await ask(`${url}/api/admin/nowhere`, 'GET', { authorization });
    await ask(`${url}/api/admin/projects`, 'GET', {});
    await ask(`${url}/api/admin/projects`, 'GET', {
      authorization,
      origin: 'https://evil.example',
    });
    for (const args of [
      ['status'],
      ['status', '--json'],
      ['profile', 'list'],
      ['profile', 'list', '--json'],
      ['profile', 'show', 'stored'],
      ['profile', 'show', 'stored', '--json'],
      ['client', 'list'],
      ['client', 'list', '--json'],
      ['env'],
      ['env', '--shell', 'fish'],
      ['env', '--shell', 'pwsh'],
      ['doctor'],
      ['doctor', '--json'],
      ['log'],
      ['log', '--json'],
      ['explain', 'GET', '/api/admin/projects'],
      ['explain', 'POST', '/api/admin/user/tokens', '--json'],
      ['pair', '--json'],
      ['run', '--', process.execPath, '-e', 'console.log(process.env)'],
      ['profile', 'show', 'nope'],
      ['profile', 'nope'],
    ]) {
      await run(args);
    }
  });

  it('goes through the sources that stay where the user keeps them', async () => {
    const unleash = sharedUnleash();
    const path = join(elsewhere, 'pat');
    writeFileSync(path, `${secret}\n`, { mode: 0o600 });
    const fromFile = await run([
      'profile',
      'add',
      'from-file',
      '--url',
      unleash.url,
      '--token-from',
      `file:${path}`,
    ]);
    expect(fromFile.code, fromFile.stderr).toBe(0);
    await run(['profile', 'use', 'from-file']);
    const listed = await run([
      'run',
      '--profile',
      'from-file',
      '--',
      process.execPath,
      '-e',
      "fetch(process.env.UNLEASH_URL + '/api/admin/user', { headers: { Authorization: process.env.UNLEASH_PAT } }).then(async (a) => { console.log(a.status, await a.text()); })",
    ]);
    expect(listed.stdout).toMatch(/^200/);
    await run(['profile', 'use', 'stored']);
    // Every way to give it wrongly, with the secret in hand.
    for (const [args, input] of [
      [
        ['profile', 'add', 'bad1', '--url', unleash.url, '--token-from', 'stdin'],
        `${secret}\nmore\n`,
      ],
      [['profile', 'add', 'bad2', '--url', `${unleash.url}/?x=1`, '--token-from', 'stdin'], secret],
      [
        ['profile', 'add', 'bad3', '--url', 'http://unleash.example.com', '--token-from', 'stdin'],
        secret,
      ],
      [['profile', 'add', 'stored', '--url', unleash.url, '--token-from', 'stdin'], secret],
      [['profile', 'add', '../x', '--url', unleash.url, '--token-from', 'stdin'], secret],
      [
        ['profile', 'add', 'bad4', '--url', unleash.url, '--token-from', 'stdin'],
        `${secret.slice(0, -1)}`,
      ],
      [['profile', 'add', 'bad5', '--url', unleash.url, '--token-from', secret], undefined],
    ] as [string[], string | undefined][]) {
      const args5 = args.includes(secret);
      const result = await cli.run(args, input);
      expect(result.code, args.slice(0, 3).join(' ')).not.toBe(0);
      // A token given as an argument by mistake is in that command line already; we must not repeat it.
      outputs.push({
        what: args5 ? 'profile add with the token as an argument' : `tokenleash ${args.join(' ')}`,
        text: result.stdout + result.stderr,
      });
    }
  });

  it('is in no output, answer or error', () => {
    expect(outputs.length).toBeGreaterThan(25);
    for (const { what, text } of outputs)
      expect(findIn(Buffer.from(text), secret), what).toBe(false);
  });

  it('is in no command line and no environment of ours, also while a child runs', async () => {
    if (!running?.process.pid) throw new Error('the proxy did not start');
    const child = spawn(
      process.execPath,
      [
        program,
        'run',
        '--',
        process.execPath,
        '-e',
        "console.log('up'); setTimeout(() => {}, 60000)",
      ],
      {
        env: { ...process.env, TOKENLEASH_HOME: home },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      await once(child.stdout, 'data');
      const texts = [...processTexts(running.process.pid), ...processTexts(child.pid ?? 0)];
      expect(texts.length).toBeGreaterThanOrEqual(6);
      for (const { what, data } of texts) expect(findIn(data, secret), what).toBe(false);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'close');
    }
  });

  it('is in no file of ours, while the proxy runs and after it has ended', async () => {
    const files = filesBelow(home);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(findIn(readFileSync(file), secret), file).toBe(false);
    await running?.stop();
    for (const file of filesBelow(home))
      expect(findIn(readFileSync(file), secret), file).toBe(false);
  });

  it('lies behind file modes that keep other users out', () => {
    for (const file of filesBelow(home)) expect(statSync(file).mode & 0o077, file).toBe(0);
  });
});
