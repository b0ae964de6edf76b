import { setTimeout as after } from 'node:timers/promises';
import { findAuditEntry } from '../audit/read.ts';
import { outcomeOf } from '../audit/select.ts';
import type { AuditEntry } from '../data/context.ts';
import { ERRORS } from '../errors.ts';
import { EXIT, Problem } from '../problem.ts';
import { shownName } from '../profiles/name.ts';
import { auditFile } from '../runtime/paths.ts';
import { answer, answerJson, type Io } from './command.ts';

/** As refusals and the audit log have it. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The proxy writes its log out in batches; a request of this moment may not stand in it yet. */
const WAIT_MS = 500;

export function isRequestId(text: string): boolean {
  return ID.test(text);
}

/** `explain ID`: what became of a request that was really made, and why. */
export async function explainRequestById(id: string, json: boolean, io: Io): Promise<number> {
  const entry = await find(id.toLowerCase(), io);
  const hint = hintOf(entry);
  if (json) {
    answerJson(io, { ...entry, hint });
    return EXIT.ok;
  }
  const { time, client, profile, method, operation, template, status, code, rule } = entry;
  answer(io, `Request: ${time}, ${method} ${template ?? '(a path that is no operation)'}`);
  answer(io, `Operation: ${operation ?? 'none'}`);
  answer(io, `Client: ${client ?? 'none'}, to profile: ${profile ?? 'none'}`);
  switch (outcomeOf(entry)) {
    case 'allowed':
      answer(io, `Allowed; the server answered with status ${status}.`);
      break;
    case 'failed':
      answer(io, `Allowed, and then: ${code}, status ${status}.`);
      break;
    case 'refused':
      answer(io, `Refused: ${code}, status ${status}${rule === null ? '' : `, by: ${rule}`}.`);
  }
  if (hint !== null) answer(io, hint);
  return EXIT.ok;
}

async function find(id: string, io: Io): Promise<AuditEntry> {
  const path = auditFile(io.paths);
  const found = await findAuditEntry(path, id);
  if (found) return found;
  await after(WAIT_MS);
  const late = await findAuditEntry(path, id);
  if (late) return late;
  throw new Problem(
    `No request in the log has the id ${shownName(id)}.`,
    'tokenleash log --verdict refused',
    EXIT.usage,
  );
}

/** The allowed way, as the refusal itself said it where no step knew a better one. */
function hintOf({ code }: AuditEntry): string | null {
  return code !== null && Object.hasOwn(ERRORS, code)
    ? ERRORS[code as keyof typeof ERRORS].hint
    : null;
}
