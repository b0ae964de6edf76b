import { readFileSync } from 'node:fs';

/**
 * A process by id and, where /proc tells, its start: a process id alone comes to stand for another program after
 * a while. Written into lock and pid files.
 */
export type ProcessMark = string;

export function ownMark(): ProcessMark {
  return markOf(process.pid) ?? String(process.pid);
}

/** Whether the process that wrote the mark still runs. */
export function isAlive(mark: ProcessMark): boolean {
  const pid = Number.parseInt(mark, 10);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  if (!mark.includes(' ')) return true;
  const now = markOf(pid);
  return now === null || now === mark;
}

/** `<pid> <start in clock ticks since boot>`, or null where /proc does not tell or the process is gone. */
function markOf(pid: number): ProcessMark | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may itself hold brackets and spaces.
    const start = line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
    return start === undefined ? null : `${pid} ${start}`;
  } catch {
    return null;
  }
}
