/** Exit codes of the command line, as docs and `--help` have them. `run` returns its child's own. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  unreachable: 3,
  credential: 4,
  denied: 5,
  interrupted: 130,
  terminated: 143,
  /** `run` could not start its program; numbers as shells have them. */
  notRunnable: 126,
  notFound: 127,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Something that a person has to deal with: one sentence on what happened and the next command to type. Neither
 * ever holds a secret. Everything that the command line ends in on purpose is one of these; anything else that
 * is thrown is a defect of ours.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly exit: ExitCode;
  /** What to type next, without a leading "Type". */
  readonly next: string;

  constructor(message: string, next: string, exit: ExitCode = EXIT.failure) {
    super(message);
    this.next = next;
    this.exit = exit;
  }
}

/** The system's own code of an error (`ENOENT`), or an empty text. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

const FILE_TROUBLE: Record<string, string> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ELOOP: 'it is a symbolic link',
  ENAMETOOLONG: 'its path is too long',
  EMFILE: 'too many files are open',
};

/** A sentence for a failed `act` ("write", "read") on a file; keeps a Problem as it is. */
export function fileProblem(act: string, path: string, error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  const reason = FILE_TROUBLE[code] ?? (code || 'unknown reason');
  return new Problem(`Could not ${act} ${path}: ${reason}.`, `ls -ld ${quoteForShell(path)}`);
}

/** A word as a POSIX shell takes it back unchanged. */
export function quoteForShell(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** As `next` of a Problem: what was typed, once more. Only the command line knows it, and puts it there. */
export const AGAIN = 'the same command again';
/** The same, with another store than the keychain. */
export const AGAIN_ELSEWHERE = 'the same command with --store sealed-file';

/** What to type next, as a command. `typed` is what was typed of this one, without `tokenleash`. */
export function nextCommand(next: string, typed: readonly string[]): string {
  if (next === AGAIN) return commandLine(typed);
  if (next !== AGAIN_ELSEWHERE) return next;
  // No other command has this flag; what is wrong with the keychain is the doctor's business there.
  if (typed[0] !== 'profile' || typed[1] !== 'add') return 'tokenleash doctor';
  const at = typed.indexOf('--store');
  const others = typed.filter(
    (word, place) => !word.startsWith('--store=') && (at < 0 || (place !== at && place !== at + 1)),
  );
  return commandLine([...others, '--store', 'sealed-file']);
}

/** What `run` starts is its own affair, and may hold what no log should. */
function commandLine(typed: readonly string[]): string {
  const end = typed.indexOf('--');
  const ours = end < 0 ? typed : [...typed.slice(0, end), '--', 'CMD'];
  return ['tokenleash', ...ours.map(quoteForShell)].join(' ');
}
