import type { UnleashError } from '../../shared/unleash/errors.ts';
import type { Failure } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import { failureWords } from './unleash-words.ts';

/** An error of the Unleash client as the popup shows it. */
export function failureOf(error: UnleashError): Failure {
  const failure: Failure = {
    ok: false,
    code: error.code,
    ...failureWords(error),
  };
  if (error.field !== undefined) failure.field = error.field;
  if (error.suggestion !== undefined) failure.suggestion = error.suggestion;
  if (error.loginUrl !== undefined) failure.loginUrl = error.loginUrl;
  return failure;
}

/** The host permission for an instance is missing or was taken back. */
export function noAccess(host: string): Failure {
  return {
    ok: false,
    code: 'no-access',
    title: say('not_allowed_to_reach', host),
    message: say('allow_in_options'),
  };
}

/** What was asked for is no longer kept. */
export const gone = (): Failure => ({
  ok: false,
  code: 'gone',
  title: say('no_longer_kept'),
  message: say('kept_5_min'),
});

export const noPat = (host: string): Failure => ({
  ok: false,
  code: 'pat.none',
  title: say('no_pat', host),
  message: say('no_pat_next'),
});

/** It is not on Unleash's list any more. */
export const tokenGone = (): Failure => ({
  ok: false,
  code: 'tokens.gone',
  title: say('token_gone'),
  message: say('token_gone_next'),
});

/** A PAT whose entry in Unleash's list could not be told: the proxy keeps its id to delete it one day. */
export const patNotKnown = (): Failure => ({
  ok: false,
  code: 'pat.not-known',
  title: say('which_pat'),
  message: say('which_pat_next'),
});
