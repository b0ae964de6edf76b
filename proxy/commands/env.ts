import { randomBytes } from 'node:crypto';
import { clientEnvironment } from '../clients/client-environment.ts';
import { addClient } from '../clients/store.ts';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import { requireProfile } from '../profiles/change-profiles.ts';
import { readConfig } from '../profiles/config-file.ts';
import type { Access } from '../profiles/profile.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { requireRunning } from '../runtime/running-proxy.ts';
import { answer, type Command, type Io, tell } from './command.ts';
import { CLIENT_ACCESS_OPTION, PROFILE_OPTION, parseShell, type Shell } from './option-types.ts';

type Format = 'dotenv' | 'json' | 'github';
type EnvOptions = {
  shell: Shell | undefined;
  format: Format | undefined;
  profile: string | undefined;
  access: Access;
};

/** A working day. */
const TTL_MS = 8 * 3_600_000;

export const command: Command<EnvOptions> = {
  options: [
    {
      flags: '--shell <shell>',
      description: 'bash (sh too), zsh, fish or pwsh (default: what $SHELL says)',
      parse: parseShell,
      values: ['bash', 'zsh', 'fish', 'pwsh'],
    },
    {
      flags: '--format <format>',
      description: 'for a file in place of a shell: dotenv, json or github',
      parse: parseFormat,
      values: ['dotenv', 'json', 'github'],
    },
    PROFILE_OPTION,
    CLIENT_ACCESS_OPTION,
  ],
  help: `Each call makes a client of its own, good for 8 h.
  bash, zsh:   eval "$(tokenleash env)"
  fish:        tokenleash env --shell fish | source
  PowerShell:  tokenleash env --shell pwsh | Out-String | Invoke-Expression
  .env file:   tokenleash env --format dotenv > .env
  one object:  tokenleash env --format json
  GitHub:      tokenleash env --format github >> "$GITHUB_ENV"
What github prints on stderr has the runner mask the token in its log.`,
  run,
};

async function run(options: EnvOptions, io: Io): Promise<number> {
  if (options.shell !== undefined && options.format !== undefined)
    throw new Problem(
      '--shell and --format do not go together.',
      'tokenleash env --help',
      EXIT.usage,
    );
  const { address } = await requireRunning(io.paths);
  const profile = options.profile ?? null;
  if (profile !== null)
    requireProfile((await readConfig(io.paths)).profiles, profile, 'env --profile');
  const name = `shell-${randomBytes(4).toString('hex')}`;
  const wanted = { name, profile, access: options.access, mint: false, ttlMs: TTL_MS };
  const { client, token } = await addClient(io.paths.state, wanted, io.now());
  await reloadRunning(io.paths);
  const variables = clientEnvironment(address.url, token, io.env);
  if (options.format === 'json') answer(io, JSON.stringify(variables));
  else
    for (const [variable, value] of Object.entries(variables))
      answer(io, lineFor(options, io, variable, value));
  // The runner masks what it was told to, in every later line of the log.
  if (options.format === 'github') tell(io, `::add-mask::${token}`);
  tell(io, `Client "${name}", ${options.access}, until ${client.expiresAt}.`);
  return EXIT.ok;
}

function parseFormat(text: string): Format {
  if (text !== 'dotenv' && text !== 'json' && text !== 'github')
    throw new Error('has to be dotenv, json or github');
  return text;
}

function lineFor({ format, shell }: EnvOptions, io: Io, variable: string, value: string): string {
  if (format === 'github') return `${variable}=${value}`;
  if (format === 'dotenv') return dotenvLine(variable, value);
  return exportLine(shell ?? shellOf(io.env), variable, value);
}

/** Bare where it can be: what reads `.env` files does not agree on quotes (`docker run --env-file` keeps them). */
export function dotenvLine(variable: string, value: string): string {
  return /^[\w.:/@%+=,[\]-]*$/.test(value)
    ? `${variable}=${value}`
    : `${variable}=${quoteForShell(value)}`;
}

function shellOf(env: NodeJS.ProcessEnv): Shell {
  if (env.SHELL?.endsWith('fish')) return 'fish';
  if (env.SHELL?.endsWith('zsh')) return 'zsh';
  if (env.SHELL?.endsWith('pwsh') || (!env.SHELL && process.platform === 'win32')) return 'pwsh';
  return 'bash';
}

/** One line that sets and exports a variable to exactly this value, whatever characters it has. */
export function exportLine(shell: Shell, variable: string, value: string): string {
  switch (shell) {
    case 'bash':
    case 'zsh':
      return `export ${variable}=${quoteForShell(value)}`;
    case 'fish':
      // Within single quotes fish knows two escapes: \\ and \'.
      return `set -gx ${variable} '${value.replace(/[\\']/g, '\\$&')}'`;
    case 'pwsh':
      // PowerShell also takes the typographic quotes as quotes.
      return `$env:${variable} = '${value.replace(/['‘’‚‛]/g, '$&$&')}'`;
  }
}
