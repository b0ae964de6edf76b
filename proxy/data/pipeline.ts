import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorCode, type Refusal, refuse } from '../errors.ts';
import { newTokenHint } from '../profiles/new-token.ts';
import type { Profile } from '../profiles/profile.ts';
import { answerHeaders, codingOf, maySkipRedactor, pumpAnswer } from './answer.ts';
import { auditEntryOf } from './audit-entry.ts';
import { type RequestBody, readBody } from './body.ts';
import type { Exchange, Step, StepContext } from './exchange.ts';
import type { Forwarder, Forwarding } from './forward.ts';
import { gatewayHint } from './gateway-page.ts';
import { createInviteMask, hidesInviteLinks, inTurn } from './invite-links.ts';
import { valueIn } from './raw-headers.ts';
import { createRedactor } from './redactor.ts';
import { writeRefusal } from './refusal.ts';
import { browser } from './steps/browser.ts';
import { caller, limit } from './steps/caller.ts';
import { framing } from './steps/framing.ts';
import { headerLines } from './steps/header-lines.ts';
import { headers } from './steps/headers.ts';
import { host } from './steps/host.ts';
import { path, route } from './steps/path.ts';
import { access, mint, operation } from './steps/policy.ts';
import { profile } from './steps/profile.ts';
import { bodyRules, rules } from './steps/rules.ts';
import { secret } from './steps/secret.ts';
import { method, targetForm } from './steps/target.ts';
import { upstreamFailure } from './upstream-failure.ts';

/** A request's way, top to bottom. After the last of them it is forwarded, answered and audited. */
export const STEPS: readonly Step[] = [
  headerLines,
  host,
  browser,
  method,
  targetForm,
  path,
  route,
  caller,
  limit,
  profile,
  operation,
  mint,
  access,
  rules,
  framing,
  bodyRules,
  headers,
  secret,
];

/** nginx's status for a caller that left before its answer. */
const CALLER_LEFT = 499;

/** After these nobody is sure where the request ends: what comes behind it on its connection is not read as one. */
const IN_DOUBT: ReadonlySet<ErrorCode> = new Set(['request.framing', 'request.headers']);

/** What the way is made of. Only tests take a part out, to show that an attack then comes through. */
export type PipelineParts = {
  steps: readonly Step[];
  answerHeaders: typeof answerHeaders;
  createRedactor: typeof createRedactor;
};

export const PARTS: PipelineParts = { steps: STEPS, answerHeaders, createRedactor };

/** What a request needs on its way, beside itself. */
export type PipelineContext = StepContext & {
  forwarder: Forwarder;
  /** The PAT that each profile used last, so that answers to requests that took none are scanned for it too. */
  secrets: Map<string, string>;
  /** ms without a byte of the request's body. */
  bodyIdle: number;
  /** The proxy is stopping: what is under way may finish, nothing new begins. */
  isDraining(): boolean;
};

export type Arrival = {
  exchange: Exchange;
  request: IncomingMessage;
  response: ServerResponse;
  /** The caller waits for "100 Continue" before it sends the body. */
  continueExpected: boolean;
};

/** Runs the steps in order; calls back with the first no, or null. */
export function runSteps(
  steps: readonly Step[],
  exchange: Exchange,
  context: StepContext,
  done: (refusal: Refusal | null) => void,
  from = 0,
): void {
  for (let at = from; at < steps.length; at += 1) {
    const verdict = ask(steps[at], exchange, context);
    if (verdict === null) continue;
    if (!(verdict instanceof Promise)) {
      done(verdict);
      return;
    }
    const goOn = (late: Refusal | null) => {
      if (late === null) runSteps(steps, exchange, context, done, at + 1);
      else done(late);
    };
    const failed = () =>
      steps[at] === secret
        ? refuse('secret.unavailable', 'The token of this profile could not be read.')
        : refuse('proxy.failed', 'The proxy failed at this request.');
    void verdict.catch(failed).then(goOn);
    return;
  }
  done(null);
}

/** A defect of ours must not end the process, nor let the request pass, nor say what it was working on. */
function ask(step: Step | undefined, exchange: Exchange, context: StepContext) {
  try {
    return step?.check(exchange, context) ?? null;
  } catch {
    return refuse('proxy.failed', 'The proxy failed at this request.');
  }
}

/**
 * Takes one request all the way. Returns what refuses it while it is under way: the rest of its body may turn out
 * to be no HTTP.
 */
export function serve(
  arrival: Arrival,
  parts: PipelineParts,
  context: PipelineContext,
): (refusal: Refusal) => void {
  const { exchange, request, response } = arrival;
  let forwarding: Forwarding | null = null;
  let left = false;
  let code: ErrorCode | null = null;
  let rule: string | null = null;
  /** What to say where something in front of the server answered. */
  let page: string | null = null;
  let refused = false;

  // `close` comes once; `once` would make two more objects of each listener, here and below.
  response.on('close', () => {
    left = true;
    forwarding?.abort();
    const status = response.headersSent ? response.statusCode : CALLER_LEFT;
    context.data.audit(auditEntryOf(exchange, context.data.now(), { code, rule, refused, status }));
    if (page !== null && exchange.profile !== null) context.data.upstreamPage?.(exchange.profile);
  });

  const refuseWith = (refusal: Refusal, byStep: boolean) => {
    code = refusal.code;
    rule = refusal.rule;
    refused = byStep;
    if (IN_DOUBT.has(refusal.code)) response.shouldKeepAlive = false;
    if (!left) writeRefusal(response, refusal, exchange.id);
  };

  const refuseNow = (refusal: Refusal) => refuseWith(refusal, true);

  const answer = (incoming: IncomingMessage) => {
    const coding = codingOf(incoming, exchange.method);
    const mustRead = hidesInviteLinks(exchange);
    if (coding !== '' && (mustRead || !maySkipRedactor(coding, exchange.profile))) {
      forwarding?.abort();
      refuseWith(upstreamFailure({ code: 'upstream.encoding' }, exchange.profile), false);
      return;
    }
    const isAdmin = exchange.route === 'admin';
    page =
      isAdmin && exchange.profile ? gatewayHint(incoming, exchange.profile, exchange.secret) : null;
    const unauthorized = page === null && isAdmin && incoming.statusCode === 401;
    if (unauthorized) code = 'upstream.unauthorized';
    writeAnswer(incoming, arrival, parts, {
      unauthorized,
      page,
      isScanned: coding === '',
      alive: () => forwarding?.alive(),
      ended: () => forwarding?.ended(),
    });
    if (unauthorized && exchange.profile !== null) {
      context.data.upstreamUnauthorized(exchange.profile);
    }
  };

  const send = (body: RequestBody) => {
    if (left) return;
    if (exchange.profile === null) {
      refuseWith(refuse('proxy.failed', 'No profile was chosen for this request.'), true);
      return;
    }
    exchange.secret = remembered(context.secrets, exchange.profile.name, exchange.secret);
    frame(exchange, body);
    forwarding = context.forwarder.send({
      profile: exchange.profile,
      method: exchange.method,
      target: exchange.path + exchange.query,
      headers: exchange.headers,
      body,
      bodyLimit: context.bodyLimit,
      onAnswer: answer,
      onFailure: (failure) => refuseWith(upstreamFailure(failure, exchange.profile), false),
    });
  };

  if (context.isDraining()) {
    response.shouldKeepAlive = false;
    refuseNow(refuse('proxy.draining', 'The proxy is stopping.'));
    return refuseNow;
  }
  const takeBody = (taken: (body: RequestBody) => void) => {
    if (arrival.continueExpected) response.writeContinue();
    const late = bodyTimer(exchange, context, () => {
      refuseWith(refuse('request.framing', "The request's body did not come to an end."), true);
    });
    readBody(request, exchange.body, (body) => {
      clearTimeout(late);
      if (code === null) taken(body);
    });
    if (late !== undefined) response.once('close', () => clearTimeout(late));
  };
  let judged: RequestBody | null = null;
  exchange.readBody = () =>
    new Promise((done) => {
      takeBody((body) => {
        judged = body;
        done(body);
      });
    });
  runSteps(parts.steps, exchange, context, (refusal) => {
    if (left || code !== null) return;
    if (refusal !== null) refuseWith(refusal, true);
    else if (judged === null) takeBody(send);
    else send(judged);
  });
  return refuseNow;
}

function remembered(
  secrets: Map<string, string>,
  profileName: string,
  used: string | null,
): string | null {
  if (used === null) return secrets.get(profileName) ?? null;
  secrets.set(profileName, used);
  return used;
}

function bodyTimer(
  { body }: Exchange,
  { bodyIdle }: PipelineContext,
  expired: () => void,
): NodeJS.Timeout | undefined {
  return body.kind === 'none' ? undefined : setTimeout(expired, bodyIdle);
}

/** Sets the length of what is sent, now that it is known. */
function frame(exchange: Exchange, body: RequestBody): void {
  if (exchange.body.kind !== 'chunked') return;
  if (body.kind === 'whole') exchange.headers['content-length'] = String(body.bytes.length);
  // Should the server read its end elsewhere than we do, nothing of ours comes behind it.
  else exchange.headers.connection = 'close';
}

/** Beside the server's own answer, which passes as it is. */
function unauthorizedHeaders(profile: Profile): string[] {
  const hint = `The token of profile "${profile.name}" expired or was revoked. ${newTokenHint(profile)}`;
  return ['x-tokenleash-error', 'upstream.unauthorized', 'x-tokenleash-hint', hint];
}

function writeAnswer(
  incoming: IncomingMessage,
  { exchange, response }: Arrival,
  parts: PipelineParts,
  more: {
    unauthorized: boolean;
    page: string | null;
    isScanned: boolean;
    alive(): void;
    ended(): void;
  },
): void {
  const out = parts.answerHeaders(incoming.rawHeaders, exchange);
  if (more.unauthorized && exchange.profile !== null)
    out.push(...unauthorizedHeaders(exchange.profile));
  if (more.page !== null) out.push('x-tokenleash-hint', more.page);
  // Without a reason phrase: Node writes the standard one, and an upstream's own may throw.
  response.writeHead(incoming.statusCode ?? 502, out);
  // An answer of known length goes out with its first bytes; of another, nobody knows when they come.
  if (valueIn(incoming.rawHeaders, 'content-length') === undefined) response.flushHeaders();
  const isScanned = more.isScanned && exchange.secret !== null;
  const redactor = isScanned ? parts.createRedactor(exchange.secret ?? '') : null;
  const hidden = redactor !== null && hidesInviteLinks(exchange);
  pumpAnswer(incoming, response, hidden ? inTurn(createInviteMask(), redactor) : redactor, more);
}
