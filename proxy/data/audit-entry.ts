import { monotonicMs } from '../runtime/monotonic.ts';
import type { AuditEntry } from './context.ts';
import type { Exchange } from './exchange.ts';
import { METHODS } from './steps/target.ts';

let lastSecond = Number.NaN;
/** `2026-11-25T22:54:55.` */
let lastText = '';

/** Thousands of requests end within a second, and its text costs more than the rest of a line. */
function timeOf(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, -'000Z'.length);
    lastSecond = second;
  }
  const ms = Math.floor(now) - second * 1000;
  return `${lastText}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`;
}

/** One line by meaning: nothing in it was written by the caller but its own name and a known method. */
export function auditEntryOf(
  exchange: Exchange,
  now: number,
  end: { code: string | null; rule: string | null; refused: boolean; status: number },
): AuditEntry {
  const ms = monotonicMs() - exchange.startedAt;
  return {
    time: timeOf(now),
    id: exchange.id,
    client: exchange.caller,
    via: exchange.callerBy,
    profile: exchange.profile?.name ?? null,
    method: METHODS.has(exchange.method) ? exchange.method : 'OTHER',
    operation: exchange.operation?.id ?? null,
    template: exchange.operation?.path ?? null,
    verdict: end.refused ? 'refused' : 'allowed',
    code: end.code,
    rule: end.refused ? end.rule : null,
    status: end.status,
    ms: Math.round(ms * 10) / 10,
  };
}
