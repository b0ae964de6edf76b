import { say } from '../platform/say.ts';
import { addressOf, type Reply } from './proxy-link-request.ts';

/** A failure in our own words: what an unproven answer says of itself is never shown. */
export type LinkFailure = { ok: false; code: string; title: string; message: string };

const again = () => say('link_again');

export function unreachableMessage(port: number, reason: 'nobody' | 'slow'): string {
  return reason === 'slow'
    ? say('link_slow', addressOf(port))
    : say('link_nobody', addressOf(port));
}

/** For an answer that the paired proxy cannot have given, and for none where somebody listens. */
export function strangerMessage(port: number): string {
  return say('link_stranger', addressOf(port));
}

export function forgottenMessage(port: number): string {
  return say('link_forgotten', addressOf(port));
}

const PAIRING: Record<string, () => [title: string, message: string]> = {
  'link.code_wrong': () => [say('code_wrong'), say('code_wrong_why', again())],
  'link.code_expired': () => [say('code_expired'), say('code_expired_why', again())],
  'link.code_used': () => [say('code_used'), say('code_used_why', again())],
  'link.tries': () => [say('code_tries'), say('code_tries_why', again())],
  'link.store': () => [say('link_store'), say('link_store_why')],
};

/** Before anything is sent. */
export function unreadableCode(): LinkFailure {
  return {
    ok: false,
    code: 'link.code_form',
    title: say('code_form'),
    message: say('code_form_why', again()),
  };
}

/** Why pairing did not happen. `code` comes from an answer that proves nothing: it only picks a sentence. */
export function pairingFailure(port: number, reply: Reply): LinkFailure {
  if (!reply.reached && reply.reason !== 'closed') {
    return {
      ok: false,
      code: 'link.unreachable',
      title: say('proxy_silent'),
      message: unreachableMessage(port, reply.reason),
    };
  }
  const code = reply.reached ? (reply.header('x-tokenleash-error') ?? '') : 'browser.refused';
  if (!reply.reached || code === 'browser.refused') {
    return {
      ok: false,
      code: 'link.closed',
      title: say('no_pairing_now'),
      message: say('no_pairing_now_why', addressOf(port), again()),
    };
  }
  const words = PAIRING[code];
  if (reply.status === 200 || words === undefined) {
    return {
      ok: false,
      code: 'link.stranger',
      title: say('not_the_proxy'),
      message: say('not_the_proxy_why', strangerMessage(port)),
    };
  }
  const [title, message] = words();
  return { ok: false, code, title, message };
}

export function keysNotKept(): LinkFailure {
  return {
    ok: false,
    code: 'link.keys_not_kept',
    title: say('keys_not_kept'),
    message: say('keys_not_kept_why', again()),
  };
}
