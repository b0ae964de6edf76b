import type { Io } from '../commands/command.ts';
import type { LocalStatus } from '../control/context.ts';
import { nextCommand, Problem } from '../problem.ts';
import type { Config } from '../profiles/config-file.ts';
import type { Profile } from '../profiles/profile.ts';
import type { RunningProxy } from '../runtime/running-proxy.ts';
import type { Visit } from './visit.ts';

export type Verdict = 'ok' | 'warning' | 'failed';

/** A place in a file. `line` counts from 1. */
export type Place = { file: string; line: number };

/** What a check saw: one sentence, and for all that is not `ok` what to do. Never a secret. */
export type Finding = {
  status: Verdict;
  message: string;
  /** A sentence; "Type: …" where it is a command. */
  remedy: string | null;
  places?: readonly Place[];
};

export type DoctorContext = {
  io: Io;
  home: string;
  cwd: string;
  /** Null where config.yaml does not read; then there are no profiles to look at. */
  config: Config | null;
  running: RunningProxy | null;
  /** What the running proxy says of itself. */
  status: LocalStatus | null;
  /** What the profile's server answered, asked once for all checks. */
  visit(profile: Profile): Promise<Visit>;
};

export type Check = {
  /** As `--json` has it. */
  name: string;
  /** What is going on, shown while a check takes its time; null for one that is done at once. */
  doing: ((context: DoctorContext) => string | null) | null;
  run(context: DoctorContext): Promise<Finding[]>;
};

export const ok = (message: string): Finding => ({ status: 'ok', message, remedy: null });

export const warning = (message: string, remedy: string): Finding => ({
  status: 'warning',
  message,
  remedy,
});

export const failed = (message: string, remedy: string): Finding => ({
  status: 'failed',
  message,
  remedy,
});

/** A Problem as a finding; anything else is a defect of ours, and a finding as well: the other checks go on. */
export function failedBy(error: unknown): Finding {
  if (error instanceof Problem)
    return failed(error.message, `Type: ${nextCommand(error.next, ['doctor'])}`);
  const said = error instanceof Error ? error.message : 'unknown';
  return failed(
    `This check met a defect of its own: ${said}.`,
    'Report it if it happens again: tokenleash doctor',
  );
}
