import { basename } from 'node:path';
import { clientEnvironment, credentialsOf } from '../clients/client-environment.ts';
import { readConfig } from '../profiles/config-file.ts';
import type { Access } from '../profiles/profile.ts';
import { PASSPHRASE_VARIABLE } from '../secrets/passphrase.ts';
import { type Command, type Io, tell } from './command.ts';
import { CLIENT_ACCESS_OPTION, PROFILE_OPTION } from './option-types.ts';
import { goOnWithoutReader } from './reader-gone.ts';
import { runChild } from './run-child.ts';
import { proxyForRun } from './run-proxy.ts';

type RunOptions = { command: string[]; profile: string | undefined; access: Access };

export const command: Command<RunOptions> = {
  arguments: [
    { name: 'command', description: 'program and its arguments', required: true, variadic: true },
  ],
  options: [PROFILE_OPTION, CLIENT_ACCESS_OPTION],
  help: `The program finds the proxy in UNLEASH_URL and a phantom token in UNLEASH_AUTH_TOKEN, UNLEASH_PAT,
UNLEASH_API_TOKEN and AUTH_TOKEN. The token dies with it. Its exit code is returned.
Where no proxy runs, one runs for this program alone, on a port of its own.
  tokenleash run --access write -- terraform apply`,
  run,
};

async function run(options: RunOptions, io: Io): Promise<number> {
  goOnWithoutReader();
  const [program = '', ...words] = options.command;
  const wanted = {
    name: clientName(program),
    profile: options.profile ?? null,
    access: options.access,
  };
  const proxy = await proxyForRun(wanted, io);
  try {
    const env = await withoutCredentials(io);
    return await runChild(program, words, {
      ...env,
      ...clientEnvironment(proxy.url, proxy.token, env),
    });
  } finally {
    await proxy.end();
  }
}

/** Our environment, but for the tokens in it and what opens our stores; says which were the caller's own. */
async function withoutCredentials(io: Io): Promise<NodeJS.ProcessEnv> {
  const { profiles } = await readConfig(io.paths);
  const { foreign, sources } = credentialsOf(io.env, profiles);
  for (const name of foreign)
    tell(io, `${name} holds a token of Unleash; the program gets a phantom token and not this.`);
  const env = { ...io.env };
  for (const name of [...foreign, ...sources, PASSPHRASE_VARIABLE]) delete env[name];
  return env;
}

/** `run-terraform-4711`: what the audit log says of it. */
function clientName(program: string): string {
  const plain = basename(program).replace(/[^A-Za-z0-9._-]/g, '_');
  return `run-${plain.slice(0, 40)}-${process.pid}`;
}
