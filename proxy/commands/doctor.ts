import { homedir } from 'node:os';
import type { DoctorContext, Finding, Verdict } from '../doctor/check.ts';
import { CHECKS, runCheck } from '../doctor/checks.ts';
import { type Visit, visitServer } from '../doctor/visit.ts';
import { EXIT } from '../problem.ts';
import { readConfig } from '../profiles/config-file.ts';
import type { Profile } from '../profiles/profile.ts';
import { findRunning } from '../runtime/running-proxy.ts';
import { withoutTokens } from '../secrets/without-tokens.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { localStatus } from './profile-states.ts';

export const command: Command<{ json: boolean | undefined }> = {
  options: [JSON_OPTION],
  help: `Looks at Node, config, file modes, key store, ports, the variables of a corporate proxy, CAs, servers, clock and
tokens, and for tokens that lie in clear in the environment, in dotfiles and in the histories of shells: it says
which file and line, never the token. Changes nothing. Exit code 1 when a check failed.`,
  helpsWithBrokenConfig: true,
  run,
};

type CheckFinding = Finding & { check: string };

async function run({ json }: { json: boolean | undefined }, io: Io): Promise<number> {
  const context = await contextOf(io);
  const findings: CheckFinding[] = [];
  for (const check of CHECKS) {
    const doing = check.doing?.(context) ?? null;
    if (doing !== null && !json) tell(io, `${doing} …`);
    for (const finding of await runCheck(check, context)) {
      const clean = withoutSecrets(finding);
      findings.push({ check: check.name, ...clean });
      if (!json) show(check.name, clean, io);
    }
  }
  const verdict = worst(findings);
  if (json) answerJson(io, { verdict, checks: findings.map(jsonOf) });
  else answer(io, sumUp(findings));
  return verdict === 'failed' ? EXIT.failure : EXIT.ok;
}

async function contextOf(io: Io): Promise<DoctorContext> {
  const running = await findRunning(io.paths).catch(() => null);
  const visits = new Map<string, Promise<Visit>>();
  return {
    io,
    home: io.env.HOME || homedir(),
    cwd: process.cwd(),
    // What is wrong with it is the finding of a check.
    config: await readConfig(io.paths).catch(() => null),
    running,
    status: running?.address ? await localStatus(io).catch(() => null) : null,
    visit(profile: Profile) {
      const known = visits.get(profile.name);
      if (known) return known;
      const visit = visitServer(profile, io, running);
      visits.set(profile.name, visit);
      return visit;
    },
  };
}

/** What others wrote (a server's message, a file's name) goes to the screen without any token in it. */
function withoutSecrets(finding: Finding): Finding {
  const { message, remedy } = finding;
  return {
    ...finding,
    message: withoutTokens(message),
    remedy: remedy === null ? null : withoutTokens(remedy),
  };
}

const WIDTH = 'warning'.length;

function show(check: string, { status, message, remedy }: Finding, io: Io): void {
  answer(io, `${status.padEnd(WIDTH)}  ${check}: ${message}`);
  if (remedy !== null) answer(io, `${' '.repeat(WIDTH)}  ${remedy}`);
}

function jsonOf({ check, status, message, remedy, places }: CheckFinding) {
  return { check, status, message, remedy, places: places ?? [] };
}

function worst(findings: readonly Finding[]): Verdict {
  const has = (status: Verdict) => findings.some((finding) => finding.status === status);
  return has('failed') ? 'failed' : has('warning') ? 'warning' : 'ok';
}

function sumUp(findings: readonly Finding[]): string {
  const count = (status: Verdict) => findings.filter((finding) => finding.status === status).length;
  const [failedOnes, warnings] = [count('failed'), count('warning')];
  if (failedOnes + warnings === 0) return 'All is well.';
  const plural = warnings === 1 ? 'warning' : 'warnings';
  return `${failedOnes} failed, ${warnings} ${plural}.`;
}
