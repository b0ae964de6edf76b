// The machine under the benchmark: which core a process runs on, the CPU time and the memory that it took.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';

/** Ticks of /proc/PID/stat per second; the kernel's interface has had this value on every Linux (man 5 proc). */
const TICKS_PER_SECOND = 100;

const isLinux = process.platform === 'linux';

/** Whether CPU time and memory of another process can be read here. */
export const canWatchProcesses = isLinux;

/** Where proxies run, and where load and server do; null where processes cannot be tied to a core. */
export const cores = findCores();

function findCores() {
  if (!isLinux) return null;
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
  } catch {
    return null;
  }
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  const allowed = (list ?? '').split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
  return allowed.length < 2 ? null : { proxy: allowed[0], others: allowed[1] };
}

/**
 * A command line that runs on one core.
 *
 * @param {'proxy' | 'others'} where
 * @param {string[]} words
 */
export function pinned(where, words) {
  return cores === null ? words : ['taskset', '-c', String(cores[where]), ...words];
}

/** User and system time of a process and all its threads so far, in seconds. @param {number} pid */
export function cpuSeconds(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before it may hold blanks and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Memory of a process in MiB: `now` what lies in RAM, `peak` the most that ever did. @param {number} pid */
export function memory(pid) {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name) => Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text)?.[1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** What a reader has to know of the machine. */
export function describeMachine() {
  return {
    node: process.version,
    system: `${process.platform} ${release()} ${arch()}`,
    cpu: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    pinned: cores !== null,
  };
}
