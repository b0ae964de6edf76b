import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { NODE_VERSIONS, nodeProgram } from '../nodes/node.mjs';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

/** The first time each Node is installed. */
const INSTALL_MS = 300_000;

const built = useTokenleash();
let pat: string;
const unleash = sharedUnleash();

beforeAll(async () => {
  pat = (await unleash.createPat(`nodes-${Date.now()}`)).secret;
});

/** A script without a credential of its own: reads, writes, and says what it was told. */
const SCRIPT = `
  const { UNLEASH_URL, UNLEASH_PAT } = process.env;
  const headers = { authorization: UNLEASH_PAT, 'content-type': 'application/json' };
  const listed = await fetch(UNLEASH_URL + '/api/admin/projects', { headers });
  const body = JSON.stringify({ name: 'nodes-' + process.versions.node + '-' + Date.now() });
  const flags = UNLEASH_URL + '/api/admin/projects/default/features';
  const made = await fetch(flags, { method: 'POST', headers, body });
  console.log(process.versions.node.split('.')[0], listed.status, (await listed.json()).projects[0].id, made.status);
`;

describe.each(NODE_VERSIONS)('on Node %s', (major) => {
  let node: string;
  let cli: ReturnType<typeof built.fresh>;
  beforeAll(async () => {
    node = await nodeProgram(major, (line) => process.stderr.write(`${line}\n`));
    cli = built.fresh({}, node);
  }, INSTALL_MS);

  test('the built file does its main job', async () => {
    const { stdout } = await promisify(execFile)(node, ['--version']);
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`));
    const added = ['profile', 'add', 'demo', '--url', unleash.url, '--unattended'];
    expect(await cli.run(added, pat)).toMatchObject({ code: 0 });

    const run = ['run', '--access', 'write', '--', node, '--input-type=module', '-e', SCRIPT];
    const worked = { code: 0, stdout: `${major} 200 default 201\n` };
    expect(await cli.run(run), 'with no proxy running').toMatchObject(worked);
    const proxy = await cli.start();
    expect(await cli.run(run), 'with one running').toMatchObject(worked);

    const made = JSON.parse((await cli.run(['client', 'add', 'ci', '--json'])).stdout);
    expect(await ask(proxy.url, made.token)).toMatchObject({ status: 200 });
    expect(await ask(proxy.url, null)).toMatchObject({ status: 401, code: 'caller.missing' });
    expect(await ask(proxy.url, made.token, '/api/admin/api-tokens')).toMatchObject({
      status: 403,
      code: 'policy.mint',
    });
    expect(await proxy.end()).toBe(143);
  });
});
