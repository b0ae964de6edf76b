import { type Io, tell } from '../commands/command.ts';
import { askYes, openTerminal } from '../commands/terminal.ts';
import { EXIT, Problem } from '../problem.ts';

/** Shows what would go and asks, unless `--yes` was typed. Throws a Problem for a no, or where nobody can be asked. */
export async function confirmForgetting(
  io: Io,
  what: readonly string[],
  typed: string,
  yes: boolean,
): Promise<void> {
  if (yes) return;
  const terminal = io.stdin.isTTY ? openTerminal(io) : null;
  if (terminal === null)
    throw new Problem(
      'There is no terminal to ask on whether this may be forgotten. Nothing was wiped.',
      `${typed} --yes`,
      EXIT.usage,
    );
  tell(io, 'This will be gone:');
  for (const line of what) tell(io, `  ${line}`);
  if (!(await askYes(terminal, 'Forget it?')))
    throw new Problem('Nothing was wiped.', typed, EXIT.failure);
}
