import { addressOf, type Reply } from './proxy-link-request.ts';

/** A failure in our own words: what an unproven answer says of itself is never shown. */
export type LinkFailure = { ok: false; code: string; title: string; message: string };

const AGAIN = 'Type `tokenleash pair` in a terminal and paste the new code.';

export function unreachableMessage(port: number, reason: 'nobody' | 'slow'): string {
  return reason === 'slow'
    ? `${addressOf(port)} did not answer within 10 s. Check that the proxy runs: \`tokenleash status\`.`
    : `Nothing answers on ${addressOf(port)}. Start the proxy: \`tokenleash start\`.`;
}

/** For an answer that the paired proxy cannot have given, and for none where somebody listens. */
export function strangerMessage(port: number): string {
  return `Something else answers on ${addressOf(port)}. Nothing secret was sent to it. See what it is, start the proxy with \`tokenleash start\`, and try again.`;
}

export function forgottenMessage(port: number): string {
  return `${addressOf(port)} does not know this browser: the link was ended there, or another program took the port. Nothing secret was sent to it. To pair again, type \`tokenleash pair\`.`;
}

const PAIRING: Record<string, [title: string, message: string]> = {
  'link.code_wrong': ['That is not the code', `The proxy shows another one. ${AGAIN}`],
  'link.code_expired': ['That code has expired', `A code is good for 60 s. ${AGAIN}`],
  'link.code_used': ['That code was used already', `A code is good once. ${AGAIN}`],
  'link.tries': ['That code was tried too often', `A code is dead after 5 wrong tries. ${AGAIN}`],
  'link.store': [
    'The proxy could not keep the link',
    "Its store failed, so nothing was paired. The proxy's log says why.",
  ],
};

/** Before anything is sent. */
export function unreadableCode(): LinkFailure {
  return {
    ok: false,
    code: 'link.code_form',
    title: 'That is not a pairing code',
    message: `A pairing code has six groups of four letters and digits. ${AGAIN}`,
  };
}

/** Why pairing did not happen. `code` comes from an answer that proves nothing: it only picks a sentence. */
export function pairingFailure(port: number, reply: Reply): LinkFailure {
  if (!reply.reached && reply.reason !== 'closed') {
    return {
      ok: false,
      code: 'link.unreachable',
      title: 'The proxy did not answer',
      message: unreachableMessage(port, reply.reason),
    };
  }
  const code = reply.reached ? (reply.header('x-tokenleash-error') ?? '') : 'browser.refused';
  if (!reply.reached || code === 'browser.refused') {
    return {
      ok: false,
      code: 'link.closed',
      title: 'The proxy takes no pairing now',
      message: `${addressOf(port)} does not speak to this browser: the code was used, or another program took the port. ${AGAIN}`,
    };
  }
  const words = PAIRING[code];
  if (reply.status === 200 || words === undefined) {
    return {
      ok: false,
      code: 'link.stranger',
      title: 'That is not the proxy',
      message: `${strangerMessage(port)} It did not learn the code.`,
    };
  }
  return { ok: false, code, title: words[0], message: words[1] };
}

export function keysNotKept(): LinkFailure {
  return {
    ok: false,
    code: 'link.keys_not_kept',
    title: 'The browser could not keep the link',
    message: `Its storage failed, so nothing was paired. Free some disk space, then: ${AGAIN}`,
  };
}
