import type { ErrorFacts, UnleashError, UnleashErrorCode } from '../../shared/unleash/errors.ts';
import { say } from '../platform/say.ts';

/** A fact without a full stop, and what now. */
export type FailureWords = { title: string; message: string };

type Facts = ErrorFacts;
type Words = readonly [title: string, message: string];

const host = (facts: Facts) => facts.host;
const number = (value: number | undefined) => value ?? '';

/** The server's own words stay as the server said them. */
const afterSaid = ({ said }: Facts, next: string): string =>
  said ? say('it_said', /[.!?…]$/.test(said) ? said : `${said}.`, next) : next;

const again = ({ creates }: Facts): string =>
  creates ? say('check_tokens') : say('try_in_a_moment');

/** ADMIN is always among the rights that would do; nobody should have to ask for it. */
function rights(permissions: readonly string[] = []): string {
  const lesser = permissions.filter((permission) => permission !== 'ADMIN');
  const named = (lesser.length > 0 ? lesser : permissions).join(` ${say('or')} `);
  return named || say('right_to_do_this');
}

/** The sentences of `shared/unleash/errors.ts` in the user's language; a test holds the English ones to those. */
const WORDS: Record<UnleashErrorCode, (facts: Facts) => Words> = {
  'url.empty': () => [say('url_empty'), say('url_empty_next')],
  'url.form': () => [say('url_form'), say('type_like_either')],
  'url.scheme': () => [say('url_scheme'), say('url_scheme_next')],
  'url.password': (facts) => [say('url_password'), leaveOut(facts)],
  'url.query': (facts) => [say('url_query'), leaveOut(facts)],
  'url.fragment': (facts) => [say('url_fragment'), leaveOut(facts)],

  'server.unreachable': (facts) => [
    say('unreachable', host(facts)),
    facts.reason ??
      (facts.creates ? say('check_network', again(facts)) : say('check_address', facts.baseUrl)),
  ],
  'server.timeout': (facts) => [
    say('did_not_answer', host(facts)),
    say('waited', number(facts.seconds), again(facts)),
  ],
  'server.cut': (facts) => [say('cut', host(facts)), again(facts)],
  'server.tls': (facts) => [say('not_safe', host(facts)), facts.reason ?? say('not_trusted')],
  'server.redirect': (facts) => [
    facts.leadsTo ? say('redirect_to', host(facts), facts.leadsTo) : say('redirect', host(facts)),
    facts.suggestion ? say('redirect_use', facts.suggestion) : say('redirect_open', facts.baseUrl),
  ],
  'server.not-unleash': (facts) => [
    say('answered_otherwise', host(facts)),
    facts.page ? say('page_came_back', say('check_path')) : say('check_path'),
  ],
  'server.unreadable': (facts) => [
    say('unreadable', host(facts)),
    facts.creates ? say('check_tokens') : say('check_version'),
  ],
  'server.too-large': (facts) => [
    say('sent_too_much', host(facts), number(facts.limit)),
    say('check_it_is_unleash'),
  ],
  'server.failed': (facts) => [say('failed', number(facts.status)), afterSaid(facts, again(facts))],
  'server.maintenance': () => [say('maintenance'), say('maintenance_next')],
  'server.busy': (facts) => [say('busy'), say('busy_next', facts.seconds ?? 60)],
  'server.gateway': (facts) => [
    say('gateway', host(facts), number(facts.status)),
    facts.creates ? say('gateway_creates') : say('gateway_next', facts.baseUrl),
  ],
  'server.not-found': (facts) => [say('not_found'), afterSaid(facts, say('not_found_next'))],

  'auth.not-logged-in': (facts) => [say('not_logged_in_to', host(facts)), say('log_in_there')],
  'auth.token-form': () => [say('token_form'), say('token_form_next')],
  'auth.token-refused': (facts) => [say('token_refused', host(facts)), say('token_refused_next')],
  'auth.token-kind': () => [say('token_kind'), say('token_kind_next')],

  'permission.missing': (facts) => {
    const ask = say('ask_admin', rights(facts.permissions));
    return [say('may_not'), facts.permissions?.length ? ask : afterSaid(facts, ask)];
  },
  'permission.admin-tokens': () => [say('no_admin_tokens'), say('no_admin_tokens_next')],
  'pat.disabled': () => [say('pats_off'), say('pats_off_next')],
  'pat.needs-person': () => [say('pat_person'), say('pat_person_next')],

  'pat.description-empty': () => [say('description_empty'), say('what_for')],
  'pat.description-exists': ({ suggestion }) => [
    say('description_exists'),
    suggestion ? say('use_it', suggestion) : say('another_description'),
  ],
  'pat.limit': (facts) => [say('pat_limit', number(facts.limit)), say('pat_limit_next')],
  'expiry.past': () => [say('date_past'), say('date_past_next')],
  'expiry.form': () => [say('date_form'), say('date_form_next')],
  'api-token.name-empty': () => [say('name_empty'), say('what_for')],
  'api-token.projects-empty': () => [say('projects_empty'), say('projects_empty_next')],
  'api-token.project-unknown': () => [say('project_unknown'), say('project_unknown_next')],
  'api-token.environment-empty': () => [say('environment_empty'), say('environment_empty_next')],
  'api-token.environment-unknown': () => [
    say('environment_unknown'),
    say('environment_unknown_next'),
  ],
  'api-token.environment-disabled': () => [
    say('environment_disabled'),
    say('environment_disabled_next'),
  ],
  'api-token.scope': () => [say('scope'), say('scope_next')],
  'api-token.kind': () => [say('kind_unknown'), say('kind_unknown_next')],
  'api-token.limit': ({ limit }) => [
    limit ? say('api_limit', limit) : say('api_limit_unknown'),
    say('api_limit_next'),
  ],
  'request.refused': (facts) => [say('not_accepted'), afterSaid(facts, say('not_accepted_next'))],
  'request.too-large': () => [say('too_much_text'), say('too_much_text_next')],
};

const leaveOut = ({ suggestion }: Facts): string => say('leave_it_out', suggestion ?? '');

/** An error of the Unleash client, said by its code and facts: it was found without a thought of who reads it. */
export function failureWords({ code, facts }: Pick<UnleashError, 'code' | 'facts'>): FailureWords {
  const [title, message] = WORDS[code](facts);
  return { title, message };
}

/** The same in one line. */
export function failureLine(error: Pick<UnleashError, 'code' | 'facts'>): string {
  const { title, message } = failureWords(error);
  return `${title}. ${message}`;
}
