import { type AuditLog, openAuditLog } from '../audit/log.ts';
import { fileProblem } from '../problem.ts';
import { auditFile } from '../runtime/paths.ts';
import { type Io, tell } from './command.ts';

/** The audit log of a process that serves requests. Throws a Problem when its file cannot be written. */
export function openAudit(io: Io): AuditLog {
  const path = auditFile(io.paths);
  try {
    const audit = openAuditLog({
      path,
      onError: (error) => tell(io, fileProblem('write', path, error).message),
    });
    // Lines wait a moment in memory; a defect that ends the process must not take them along.
    process.once('exit', () => audit.flush());
    return audit;
  } catch (error) {
    throw fileProblem('write', path, error);
  }
}
