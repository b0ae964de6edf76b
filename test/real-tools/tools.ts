import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../real-unleash/install.mjs';

/** A client of the admin API: the program that runs it, and its script in `tools/`. */
export type Tool = { name: string; program: string; script: string };

/** What each of them prints, a line each: it listed flags, made one, read it back and archived it. */
export const DONE = 'listed\ncreated\nread\narchived\n';

const NODE = process.execPath;

const TOOLS: readonly (Tool & { may?: string })[] = [
  // `may`: what a machine may lack; then the tool is not among those that are tested.
  { name: 'curl', program: 'sh', script: 'curl.sh' },
  { name: 'wget', program: 'sh', script: 'wget.sh', may: 'wget' },
  { name: 'fetch with keep-alive', program: NODE, script: 'fetch.mjs' },
  { name: 'undici', program: NODE, script: 'undici.mjs' },
  { name: 'axios', program: NODE, script: 'axios.mjs' },
  { name: 'openapi-fetch', program: NODE, script: 'openapi-fetch.mjs' },
  { name: 'swagger-client', program: NODE, script: 'swagger-client.mjs' },
  { name: 'urllib of Python', program: 'python3', script: 'python.py', may: 'python3' },
];

/** The tools that can run here. */
export const REAL_TOOLS: readonly Tool[] = TOOLS.filter(({ may }) => !may || isThere(may));

/**
 * Fills `folder` with the scripts and the libraries of the lockfile beside this file. Gives how a tool is started;
 * it takes the name of a flag as one more word.
 */
export async function prepareTools(
  folder: string,
  progress: (line: string) => void,
): Promise<(tool: Tool) => string[]> {
  const installed = await install(import.meta.dirname, 'real tools', progress);
  cpSync(join(import.meta.dirname, 'tools'), join(folder, 'tools'), { recursive: true });
  symlinkSync(join(installed, 'node_modules'), join(folder, 'node_modules'));
  return ({ program, script }) => [program, join(folder, 'tools', script)];
}

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
