import {
  LINK_HEADERS,
  LINK_PATHS,
  openAnswer,
  requestLine,
  signRequest,
} from '../../shared/link/channel.ts';
import type {
  HandOverAnswer,
  HandOverRequest,
  ProxyStatus,
  UseProfileAnswer,
} from '../../shared/link/messages.ts';
import { BROWSER_NAME_LIMIT, beginPairing, readPairAnswer } from '../../shared/link/pairing.ts';
import { readPairingCode } from '../../shared/link/pairing-code.ts';
import type { LinkKeyStore, StoredLink } from './proxy-link-keys.ts';
import { addressOf, type Fetch, postToProxy } from './proxy-link-request.ts';
import {
  forgottenMessage,
  keysNotKept,
  type LinkFailure,
  pairingFailure,
  strangerMessage,
  unreachableMessage,
  unreadableCode,
} from './proxy-link-words.ts';

/** What the extension's end of the link needs from outside. */
export type ProxyLinkParts = {
  fetch: Fetch;
  keys: LinkKeyStore;
  /** Wall clock, ms since 1970. */
  now(): number;
  /** The extension's own origin without a trailing slash, as the browser writes it into `Origin`. */
  origin: string;
};

export type PairResult = { ok: true; control: string } | LinkFailure;

/** `control` is the proxy's `127.0.0.1:PORT`, for a person. */
type NotConnected =
  | { state: 'unpaired' }
  | { state: 'unreachable'; control: string; message: string }
  /** Whoever answers is not the paired proxy, or has forgotten us. */
  | { state: 'refused'; control: string; message: string };

/** The paired proxy said, provably, that it did not do it. */
type ProxyFailed = { state: 'failed'; control: string; code: string; message: string };

export type StatusResult =
  | { state: 'connected'; control: string; status: ProxyStatus }
  | NotConnected
  | ProxyFailed;

export type HandOverResult =
  | { state: 'answered'; control: string; answer: HandOverAnswer }
  | NotConnected
  | ProxyFailed;

export type UseProfileResult =
  | { state: 'answered'; control: string; answer: UseProfileAnswer }
  | NotConnected
  | ProxyFailed;

/** `told` is false where the proxy could not be reached: it still lists this browser until someone ends it there. */
export type UnpairResult = { ok: true; told: boolean };

type Said =
  | { state: 'said'; control: string; value: unknown }
  | Exclude<NotConnected, { state: 'unpaired' }>
  | ProxyFailed;

function failureIn(value: unknown): { code: string; message: string } {
  const body = value as { message?: unknown; details?: { code?: unknown }[] };
  return { code: String(body.details?.[0]?.code ?? ''), message: String(body.message ?? '') };
}

/** Says one thing to the paired proxy and gives what it provably answered. */
async function say(
  parts: ProxyLinkParts,
  link: StoredLink,
  path: string,
  value: unknown,
): Promise<Said> {
  const { port, keys } = link;
  const control = addressOf(port);
  const line = requestLine(link.id, path, parts.now());
  const reply = await postToProxy(parts.fetch, port, path, await signRequest(keys, line, value));
  if (!reply.reached) {
    return reply.reason === 'closed'
      ? { state: 'refused', control, message: forgottenMessage(port) }
      : { state: 'unreachable', control, message: unreachableMessage(port, reply.reason) };
  }
  const opened = await openAnswer(keys, line, reply.status, reply.header, reply.body);
  if (!opened.ok) {
    // A claim of whoever answers: it chooses between two sentences, both of which hold.
    const claim = reply.header(LINK_HEADERS.error) ?? '';
    const forgotten = ['link.unknown', 'browser.refused'].includes(claim);
    const message = forgotten ? forgottenMessage(port) : strangerMessage(port);
    return { state: 'refused', control, message };
  }
  if (reply.status === 200) return { state: 'said', control, value: opened.value };
  return { state: 'failed', control, ...failureIn(opened.value) };
}

/**
 * Pairs with the proxy whose code this is; the link before, if there was one, is ended. `browserName` is what the
 * proxy will show. The code itself is not sent and not kept.
 */
export async function pair(
  parts: ProxyLinkParts,
  typedCode: string,
  browserName: string,
): Promise<PairResult> {
  const code = readPairingCode(typedCode);
  if (code === null) return unreadableCode();
  const { port } = code;
  const name = browserName.slice(0, BROWSER_NAME_LIMIT);
  const attempt = await beginPairing(code.text, parts.origin, name);
  const body = JSON.stringify(attempt.request);
  const reply = await postToProxy(parts.fetch, port, LINK_PATHS.pair, { headers: {}, body });
  if (!reply.reached || reply.status !== 200) return pairingFailure(port, reply);
  const answer = readPairAnswer(parsed(reply.body));
  const link = answer === null ? null : await attempt.finish(answer);
  if (link === null) return pairingFailure(port, reply);
  const before = await parts.keys.read().catch(() => null);
  const stored = { id: link.link, port, pairedAt: parts.now(), keys: link.keys };
  try {
    await parts.keys.write(stored);
  } catch {
    await say(parts, stored, LINK_PATHS.unpair, {});
    return keysNotKept();
  }
  if (before !== null) await say(parts, before, LINK_PATHS.unpair, {});
  return { ok: true, control: addressOf(port) };
}

/** Ends the link on this side in any case, and on the proxy's where it can be reached. */
export async function unpair(parts: ProxyLinkParts): Promise<UnpairResult> {
  const link = await parts.keys.read();
  if (link === null) return { ok: true, told: true };
  // Our side first: a proxy that does not answer must not keep the user waiting for an ended link.
  await parts.keys.remove();
  const said = await say(parts, link, LINK_PATHS.unpair, {});
  return { ok: true, told: said.state === 'said' };
}

/** The proxy's state, as the paired proxy itself says it. */
export async function fetchStatus(parts: ProxyLinkParts): Promise<StatusResult> {
  const link = await parts.keys.read();
  if (link === null) return { state: 'unpaired' };
  const said = await say(parts, link, LINK_PATHS.status, {});
  if (said.state !== 'said') return said;
  return { state: 'connected', control: said.control, status: said.value as ProxyStatus };
}

/** Gives a PAT to the proxy, sealed to the link: whoever else hears it has nothing that opens it. */
export async function handOver(
  parts: ProxyLinkParts,
  request: HandOverRequest,
): Promise<HandOverResult> {
  const link = await parts.keys.read();
  if (link === null) return { state: 'unpaired' };
  const said = await say(parts, link, LINK_PATHS.handOver, request);
  if (said.state !== 'said') return said;
  return { state: 'answered', control: said.control, answer: said.value as HandOverAnswer };
}

/** Asks the proxy to make another profile the current one. */
export async function useProfile(parts: ProxyLinkParts, name: string): Promise<UseProfileResult> {
  const link = await parts.keys.read();
  if (link === null) return { state: 'unpaired' };
  const said = await say(parts, link, LINK_PATHS.useProfile, { name });
  if (said.state !== 'said') return said;
  return { state: 'answered', control: said.control, answer: said.value as UseProfileAnswer };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
