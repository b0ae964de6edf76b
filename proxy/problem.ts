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
