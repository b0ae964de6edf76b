import { lstat, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DoctorContext } from './check.ts';

/** Below the home folder; bash, zsh, fish and PowerShell in that order, each where it writes by itself. */
const HISTORIES = [
  '.bash_history',
  '.zsh_history',
  '.zhistory',
  '.histfile',
  '.local/share/fish/fish_history',
  '.local/share/powershell/PSReadLine/ConsoleHost_history.txt',
  'AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt',
  '.sh_history',
  '.history',
  '.node_repl_history',
  '.python_history',
];

/** Files that shells and tools read, beside the dotfiles that lie directly in the home folder. */
const FILES = [
  '.config/fish/config.fish',
  '.config/fish/fish_variables',
  '.config/powershell/profile.ps1',
  '.config/powershell/Microsoft.PowerShell_profile.ps1',
  '.config/curlrc',
  '.ssh/environment',
];
const FOLDERS = ['.config/fish/conf.d', '.config/environment.d', '.zsh', '.bashrc.d'];

/** In the folder that the command is typed in. */
const HERE = /^(?:\.env.*|.*\.env|\.npmrc|.*\.auto\.tfvars|terraform\.tfvars)$/;

/** A dotfile that is larger is a cache or a database. */
const DOTFILE_LIMIT_BYTES = 4 * 1024 * 1024;

/** The files to look into, as absolute paths, each once; most of them are not there on most machines. */
export async function placesToSearch({
  home,
  cwd,
  io: { env },
}: DoctorContext): Promise<{ files: string[]; histories: string[] }> {
  const chosen = [
    env.HISTFILE,
    env.fish_history && `.local/share/fish/${env.fish_history}_history`,
    env.ZDOTDIR && join(env.ZDOTDIR, '.zsh_history'),
    env.XDG_DATA_HOME && join(env.XDG_DATA_HOME, 'fish/fish_history'),
  ].filter((path) => typeof path === 'string' && path !== '');
  const histories = [...HISTORIES, ...chosen].map((path) => resolve(home, path ?? ''));
  const known = new Set(histories);
  const found = [
    ...(await filesIn(home, (name) => name.startsWith('.'))),
    ...FILES.map((path) => join(home, path)),
    ...(await Promise.all(FOLDERS.map((path) => filesIn(join(home, path))))).flat(),
    ...(env.ZDOTDIR ? await filesIn(env.ZDOTDIR, (name) => name.startsWith('.z')) : []),
    ...(env.XDG_CONFIG_HOME ? [join(env.XDG_CONFIG_HOME, 'fish/config.fish')] : []),
    ...(await filesIn(cwd, (name) => HERE.test(name))),
  ];
  const files = [...new Set(found)].filter((path) => !known.has(path));
  return { files: await there(files), histories: await there([...known]) };
}

async function filesIn(folder: string, wanted = (_name: string) => true): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => !entry.isDirectory() && wanted(entry.name))
    .map(({ name }) => join(folder, name));
  const sizes = await Promise.all(paths.map((path) => lstat(path).catch(() => null)));
  return paths.filter((_, at) => (sizes[at]?.size ?? 0) <= DOTFILE_LIMIT_BYTES);
}

async function there(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => lstat(path).catch(() => null)));
  return paths.filter((_, at) => found[at] !== null);
}
