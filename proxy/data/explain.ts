import type { Client } from '../clients/client.ts';
import { makePhantomToken } from '../clients/phantom-token.ts';
import type { ErrorCode } from '../errors.ts';
import { monotonicMs } from '../runtime/monotonic.ts';
import type { DataContext } from './context.ts';
import { createExchange, REQUESTS_PER_CLIENT, type Step, type StepContext } from './exchange.ts';
import { STEPS } from './pipeline.ts';

export type StepVerdict = {
  step: string;
  verdict: 'pass' | 'refuse' | 'skip';
  /** The rule that decided. */
  rule: string;
};

export type Explanation = {
  /** Operation id, or null where the path has none. */
  operation: string | null;
  steps: StepVerdict[];
  verdict: 'allowed' | 'refused';
  /** Null when allowed. */
  code: ErrorCode | null;
  status: number | null;
};

/** Not run by `explain`: reading a PAT may ask a person, and what it is does not decide anything. */
const NOT_ASKED = new Set(['secret']);

/**
 * What the data port would say to a request, by the very steps that it runs, without sending anything. Without a
 * client it is asked for a caller of the unix socket. A body is taken for JSON.
 */
export function explainRequest(
  context: DataContext,
  asked: { method: string; path: string; client: Client | null; body?: Buffer | null },
): Explanation {
  const { client } = asked;
  const port = 4280;
  const rawHeaders = ['Host', `127.0.0.1:${port}`];
  if (client !== null) rawHeaders.push('Authorization', makePhantomToken());
  const bytes = asked.body ?? null;
  if (bytes !== null) {
    rawHeaders.push('Content-Type', 'application/json', 'Content-Length', String(bytes.length));
  }
  const exchange = createExchange({
    id: 'explain',
    startedAt: monotonicMs(),
    via: client === null ? 'socket' : 'tcp',
    port,
    method: asked.method.toUpperCase(),
    target: asked.path,
    rawHeaders,
    hangUp: () => undefined,
  });
  if (bytes !== null) exchange.readBody = () => ({ kind: 'whole', bytes });
  const stepContext: StepContext = {
    data: { ...context, clientByTokenHash: () => client ?? undefined },
    enter: () => true,
    requestsPerClient: REQUESTS_PER_CLIENT,
    bodyLimit: Number.MAX_SAFE_INTEGER,
  };

  const steps: StepVerdict[] = [];
  let code: ErrorCode | null = null;
  let status: number | null = null;
  for (const step of STEPS) {
    const { verdict, refusal } = ask(step, code === null);
    steps.push(verdict);
    if (refusal === null) continue;
    code = refusal.code;
    status = refusal.status;
  }
  const operation = exchange.operation?.id ?? null;
  return { operation, steps, verdict: code === null ? 'allowed' : 'refused', code, status };

  function ask(step: Step, goesOn: boolean) {
    const { name } = step;
    if (!goesOn) return skipped(name, 'refused before');
    if (NOT_ASKED.has(name)) return skipped(name, 'nothing is sent');
    const refusal = step.check(exchange, stepContext);
    if (refusal === null) {
      const rule = step.passedBy(exchange, stepContext);
      return { verdict: { step: name, verdict: 'pass' as const, rule }, refusal: null };
    }
    if (refusal instanceof Promise) return skipped(name, 'nothing is sent');
    return { verdict: { step: name, verdict: 'refuse' as const, rule: refusal.rule }, refusal };
  }
}

function skipped(step: string, rule: string) {
  return { verdict: { step, verdict: 'skip' as const, rule }, refusal: null };
}
