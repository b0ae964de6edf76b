import * as v from 'valibot';
import {
  type AnswerLine,
  LINK_PATHS,
  openRequest,
  readRequestLine,
  requestIsAuthentic,
  signAnswer,
} from '../../shared/link/channel.ts';
import type { HandOverRequest } from '../../shared/link/messages.ts';
import { answerPairing, checkPairRequest, readPairRequest } from '../../shared/link/pairing.ts';
import { plainLine } from '../../shared/plain-line.ts';
import { parseJson } from './body.ts';
import type { ControlContext, PairedBrowser } from './context.ts';
import { type ControlRefusal, problemOf, refusalHeaders } from './control-errors.ts';
import { answered, messageOf, type RouteResult, refused } from './exchange.ts';
import { cleanBrowserName, type LiveLink, type PairedLinks } from './paired-links.ts';
import type { PairingWindow } from './pairing-window.ts';

/** One request of an extension that has passed caps, Host and browser class. */
export type ExtensionRequest = {
  method: string;
  path: string;
  /** As the browser wrote it. */
  origin: string;
  header(name: string): string | undefined;
  body: Uint8Array<ArrayBuffer>;
  /** Aborted when the browser does not wait for the answer any more. */
  gone: AbortSignal;
};

/** An answer ready to send: a body of JSON and the headers that vouch for it. */
export type ExtensionAnswer =
  | { status: number; body: string; headers: Record<string, string> }
  | ControlRefusal;

export type ExtensionServices = {
  context: ControlContext;
  links: PairedLinks;
  window: PairingWindow;
};

const HAND_OVER = v.object({
  secret: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{8,4096}$/)),
  id: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  expiresAt: v.pipe(v.string(), v.maxLength(64), v.isoTimestamp()),
  owner: v.pipe(v.string(), v.maxLength(320), v.transform(plainLine)),
  origin: v.pipe(v.string(), v.maxLength(2048), v.regex(/^https?:\/\/[^\s?#]+$/)),
  createProfile: v.exactOptional(v.pipe(v.string(), v.maxLength(63))),
});

/** As long as a name may be; whether there is such a profile is said by the answer. */
const USE_PROFILE = v.object({ name: v.pipe(v.string(), v.minLength(1), v.maxLength(63)) });

const EVENTS = v.object({
  seen: v.exactOptional(
    v.object({
      stream: v.pipe(v.string(), v.maxLength(64)),
      after: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    }),
  ),
});

/** What a paired extension can ask, besides pairing itself. */
const ROUTES: Record<
  string,
  (
    services: ExtensionServices,
    value: unknown,
    browser: PairedBrowser,
    gone: AbortSignal,
  ) => Promise<RouteResult>
> = {
  async [LINK_PATHS.status]({ context }) {
    return answered(await context.status());
  },
  async [LINK_PATHS.handOver]({ context }, value, browser) {
    const parsed = v.safeParse(HAND_OVER, value);
    if (!parsed.success) return refused('request.shape');
    const handOver: HandOverRequest = parsed.output;
    return answered(await context.handOver(handOver, browser));
  },
  async [LINK_PATHS.useProfile]({ context }, value, browser) {
    const parsed = v.safeParse(USE_PROFILE, value);
    if (!parsed.success) return refused('request.shape');
    return answered(await context.useProfile(parsed.output.name, browser));
  },
  async [LINK_PATHS.events]({ context, links }, value, browser, gone) {
    const parsed = v.safeParse(EVENTS, value);
    if (!parsed.success) return refused('request.shape');
    const answer = await context.events.after(parsed.output.seen ?? null, gone);
    // It may have been ended while it waited.
    return links.find(browser.id) === undefined ? refused('link.unknown') : answered(answer);
  },
  async [LINK_PATHS.unpair]({ context, links }, _value, browser) {
    await links.remove(browser.id);
    context.log({ event: 'unpaired', browser: browser.name, by: 'browser' });
    return answered({ ended: true });
  },
};

export const isExtensionPath = (path: string): boolean =>
  path === LINK_PATHS.pair || Object.hasOwn(ROUTES, path);

/**
 * Whether this extension origin may speak to this path at all. Before pairing all of them reach the pairing path
 * alone; once a browser is paired, others reach it only while a code that was printed for them waits.
 */
export function originMayReach(
  { links, window }: ExtensionServices,
  origin: string,
  path: string,
): boolean {
  if (links.hasOrigin(origin)) return true;
  return path === LINK_PATHS.pair && (links.isEmpty() || window.answersStrangers());
}

/** `POST /v1/pair`: the only thing that can be asked without a link. */
export async function answerPairRequest(
  { context, links, window }: ExtensionServices,
  request: ExtensionRequest,
): Promise<ExtensionAnswer> {
  const pairRequest = readPairRequest(parseJson(Buffer.from(request.body).toString('utf8')));
  if (pairRequest === null) return refused('request.shape');
  const attempt = await window.attempt((code) =>
    checkPairRequest(code, request.origin, pairRequest),
  );
  if (!attempt.ok) return refused(attempt.code);
  const pairing = await answerPairing(attempt.code, request.origin, pairRequest);
  if (pairing === null) return refused('request.shape');
  const { answer, keys } = pairing;
  try {
    const name = cleanBrowserName(pairRequest.browser);
    const browser = await links.add({ id: answer.link, name, origin: request.origin, keys });
    context.log({ event: 'paired', browser: browser.name, origin: browser.origin });
  } catch (error) {
    context.log({ event: 'failed', path: request.path, message: messageOf(error) });
    return refused('link.store');
  }
  return { status: 200, body: JSON.stringify(answer), headers: {} };
}

/**
 * The checks that make a request the paired browser's own, in order: its link, its origin, its signature, its time,
 * its nonce. What fails before the signature is answered unsigned: there is nobody to sign for.
 */
async function authenticate(
  { context, links }: ExtensionServices,
  request: ExtensionRequest,
): Promise<
  { link: LiveLink; line: AnswerLine['request']; fault: ControlRefusal | null } | ControlRefusal
> {
  const claim = readRequestLine(request.method, request.path, request.header);
  if (claim === null) return refused('link.signature');
  const link = links.find(claim.line.link);
  if (link === undefined || link.browser.origin !== request.origin) return refused('link.unknown');
  const { line, signature } = claim;
  if (!(await requestIsAuthentic(link.keys, line, signature, request.body))) {
    return refused('link.signature');
  }
  const verdict = link.replay(line.nonce, line.time, context.now());
  // It may have been ended while its signature was checked.
  if (links.find(line.link) !== link) return refused('link.unknown');
  if (verdict === 'clock') return { link, line, fault: refused('link.clock') };
  if (verdict === 'replayed') return refused('link.replay');
  return { link, line, fault: null };
}

async function handle(
  services: ExtensionServices,
  request: ExtensionRequest,
  link: LiveLink,
  line: AnswerLine['request'],
): Promise<RouteResult> {
  const route = ROUTES[request.path];
  if (route === undefined) return refused('target.path');
  const opened = await openRequest(link.keys, line, Buffer.from(request.body).toString('utf8'));
  if (!opened.ok) return refused('link.sealed');
  services.links.used(line.link);
  try {
    return await route(services, opened.value, link.browser, request.gone);
  } catch (error) {
    const message = request.path === LINK_PATHS.handOver ? 'hand-over' : messageOf(error);
    services.context.log({ event: 'failed', path: request.path, message });
    return refused('control.failed');
  }
}

/** Every other path: authenticated both ways, sealed both ways. */
export async function answerLinkedRequest(
  services: ExtensionServices,
  request: ExtensionRequest,
): Promise<ExtensionAnswer> {
  const caller = await authenticate(services, request);
  if ('refused' in caller) return caller;
  const { link, line } = caller;
  const result = caller.fault ?? (await handle(services, request, link, line));
  const answer =
    'refused' in result ? problemOf(result) : { status: result.status, body: result.value };
  const time = services.context.now();
  const signed = await signAnswer(
    link.keys,
    { request: line, status: answer.status, time },
    answer.body,
  );
  const code = 'refused' in result ? refusalHeaders(result.refused) : {};
  return { status: answer.status, body: signed.body, headers: { ...signed.headers, ...code } };
}
