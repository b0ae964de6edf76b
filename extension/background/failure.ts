import type { UnleashError } from '../../shared/unleash/errors.ts';
import type { Failure } from '../platform/messages.ts';

/** An error of the Unleash client as the popup shows it. */
export function failureOf(error: UnleashError): Failure {
  const failure: Failure = {
    ok: false,
    code: error.code,
    title: error.title,
    message: error.advice,
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
    title: `Tokenleash may not reach ${host}`,
    message: 'Allow it in the options of Tokenleash, under Instances.',
  };
}

/** What was asked for is no longer kept. */
export const GONE: Failure = {
  ok: false,
  code: 'gone',
  title: 'This token is no longer kept',
  message: 'A new secret is kept for 5 minutes, then let go. Create another if you need one.',
};

/** A PAT whose entry in Unleash's list could not be told: the proxy keeps its id to delete it one day. */
export const PAT_NOT_KNOWN: Failure = {
  ok: false,
  code: 'pat.not-known',
  title: 'Unleash does not say which of your tokens this is',
  message:
    'Copy it, and give it to the proxy yourself: tokenleash profile add NAME --url URL --token-from stdin',
};
