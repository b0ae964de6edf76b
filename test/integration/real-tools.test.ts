import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quoteForShell } from '../../proxy/problem.ts';
import { DONE, prepareTools, REAL_TOOLS, type Tool } from '../real-tools/tools.ts';
import { startUnleash, type Unleash } from '../real-unleash/index.ts';
import { knownVersions } from '../real-unleash/install.mjs';
import { useTokenleash } from './use-tokenleash.ts';

const VERSIONS = await knownVersions();
/** Installing comes on top, the first time. */
const SET_UP_MS = 600_000;

const built = useTokenleash();
let cli: ReturnType<typeof built.fresh>;
let wordsOf: (tool: Tool) => string[];

beforeAll(async () => {
  cli = built.fresh();
  await startWithProfiles();
  wordsOf = await prepareTools(cli.home, (line) => process.stderr.write(`${line}\n`));
}, SET_UP_MS);

/** `start` asks where there is no profile yet. */
async function startWithProfiles(): Promise<void> {
  const none = [
    'profile',
    'add',
    'none',
    '--url',
    'http://127.0.0.1:1',
    '--token-from',
    'env:NONE',
  ];
  await cli.run(none);
  await cli.start();
}

/** As a person does it who exports what `env` prints, then works in that shell. */
async function throughEnv(profile: string, words: string[]) {
  const typed = [process.execPath, cli.program, 'env', '--shell', 'bash', '--profile', profile];
  const line = `eval "$(${typed.map(quoteForShell).join(' ')} --access write)" && exec ${words.map(quoteForShell).join(' ')}`;
  const child = spawn('sh', ['-c', line], { env: cli.env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

const throughRun = (profile: string, words: string[]) =>
  cli.run(['run', '--profile', profile, '--access', 'write', '--', ...words]);

describe.each(VERSIONS)('Unleash %s', (version) => {
  let unleash: Unleash;
  let pat: string;
  const profile = `v${version}`;

  beforeAll(async () => {
    // 4.19.5 shows its OpenAPI file only when told to.
    unleash = await startUnleash({ version, env: { ENABLE_OAS: 'true' } });
    pat = (await unleash.createPat('real tools')).secret;
    expect(
      (await cli.run(['profile', 'add', profile, '--url', unleash.url, '--unattended'], pat)).code,
    ).toBe(0);
  });
  afterAll(() => unleash.stop());

  /** What happened to a flag, by the word of the server itself, the proxy not being asked. */
  async function eventsOf(flag: string): Promise<string[]> {
    const url = `${unleash.url}/api/admin/events/${flag}`;
    const { events } = await (await fetch(url, { headers: { authorization: pat } })).json();
    return events.map(({ type }: { type: string }) => type);
  }

  test.each(REAL_TOOLS)(
    '$name reads and writes flags, through run and through env',
    async (tool: Tool) => {
      for (const [way, through] of [
        ['run', throughRun],
        ['env', throughEnv],
      ] as const) {
        const flag = `${tool.name.replaceAll(' ', '-')}-${way}`;
        const { code, stdout, stderr } = await through(profile, [...wordsOf(tool), flag]);
        expect({ code, stdout }, `${way}: ${stderr}`).toEqual({ code: 0, stdout: DONE });
        expect(await eventsOf(flag)).toEqual(
          expect.arrayContaining(['feature-created', 'feature-archived']),
        );
      }
    },
  );
});
