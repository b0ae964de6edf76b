import { HOP_BY_HOP } from '../data/hop-by-hop.ts';
import { MARKS } from '../data/steps/browser.ts';
import { DROPPED, DROPPED_PREFIXES } from '../data/steps/headers.ts';
import { upstreamOf } from '../data/upstream.ts';
import {
  ADMIN_PATH,
  BEHIND_PATH,
  commentHead,
  DOT_SEGMENT,
  type Gateway,
  OPEN_PATH,
  OWN_TOKEN_PATH,
  refusalBody,
  TARGET_FORM,
} from './gateway.ts';
import type { Line } from './lines.ts';
import { listCount, listOf, METHODS_SERVED } from './lists.ts';

/** What Caddy sets or leaves out by itself. */
const CADDYS_OWN: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'host',
  'content-length',
  'accept-encoding',
  'authorization',
]);

/** A site for a Caddyfile. */
export function caddyText(gateway: Gateway): string {
  const { lines, listen } = gateway;
  const lists = Array.from({ length: listCount(lines) }, (_, at) => at);
  return `${commentHead(gateway, 'Caddy', [
    'It is one site of a Caddyfile, or the whole of it. Written for Caddy 2.6 and later.',
    'Before others may reach it: put its own name in place of the address, so that it speaks TLS, and say who may call.',
  ])}

http://:${listen.port} {
	bind ${listen.host}
	# Who may call: tls { client_auth … }, or forward_auth …

	map {http.request.orig_uri} {tokenleash_form} {
		${regex(DOT_SEGMENT)} refused
		${regex(TARGET_FORM)} canonical
		default refused
	}

${lists.map((at) => mapOf(`tokenleash_list${at + 1}`, listOf(lines, at))).join('\n\n')}

	map "{http.request.method} {http.request.orig_uri}" {tokenleash_route} {
		${regex(`(?:${METHODS_SERVED.join('|')}) ${ADMIN_PATH}${BEHIND_PATH}`)} admin
		${regex(`(?:${METHODS_SERVED.join('|')}) ${OWN_TOKEN_PATH}${BEHIND_PATH}`)} own
		${regex(`(?:GET|HEAD) ${OPEN_PATH}${BEHIND_PATH}`)} open
		default none
	}

	route {
${refusals(lists)}

		@admin vars {tokenleash_route} admin
		handle @admin {
${forwarding(gateway, `header_up Authorization ${secretPlaceholder(gateway)}`)}
		}

		# The callers' own Unleash tokens pass here; the gateway's never does.
		@own vars {tokenleash_route} own
		handle @own {
${forwarding(gateway, null)}
		}

		handle {
${forwarding(gateway, 'header_up -Authorization')}
		}
	}
}
`;
}

/** Caddy looks for a match anywhere in the text. */
function regex(pattern: string): string {
  return `\`~^(?:${pattern})$\``;
}

function mapOf(variable: string, list: readonly Line[]): string {
  const lines = list.map(({ methods, path, outcome, why }) => {
    const pattern = `(?:${methods.join('|')}) ${path}${BEHIND_PATH}`;
    return `\t\t# ${why}\n\t\t${regex(pattern)} ${outcome}`;
  });
  return `\t# The first line that matches decides.\n\tmap "{http.request.method} {http.request.orig_uri}" {${variable}} {\n${lines.join('\n')}\n\t\tdefault policy.rule\n\t}`;
}

function refusals(lists: readonly number[]): string {
  const parts = [
    refusal(
      'method',
      `not method ${METHODS_SERVED.join(' ')}`,
      405,
      'target.method',
      'MethodNotAllowedError',
      'This gateway does not serve this method.',
    ),
    refusal(
      'form',
      'not vars {tokenleash_form} canonical',
      400,
      'target.path',
      'BadDataError',
      'The path is not in its canonical form.',
    ),
    ...[...MARKS].map((name) =>
      refusal(
        name.replaceAll('-', '_'),
        `header ${name} *`,
        403,
        'browser.refused',
        'ForbiddenError',
        'A browser sent this request.',
      ),
    ),
    refusal(
      'sec_fetch_mode',
      '{\n\t\t\theader Sec-Fetch-Mode *\n\t\t\tnot header Sec-Fetch-Mode cors\n\t\t}',
      403,
      'browser.refused',
      'ForbiddenError',
      'A browser sent this request.',
    ),
    refusal(
      'route',
      'vars {tokenleash_route} none',
      404,
      'target.path',
      'NotFoundError',
      'This gateway does not serve this path.',
    ),
    ...lists.map((at) =>
      refusal(
        `list${at + 1}`,
        `{\n\t\t\tvars {tokenleash_route} admin\n\t\t\tnot vars {tokenleash_list${at + 1}} pass\n\t\t}`,
        403,
        `{tokenleash_list${at + 1}}`,
        'ForbiddenError',
        'The rules of this gateway refuse this request.',
      ),
    ),
  ];
  return parts.join('\n');
}

function refusal(
  name: string,
  matcher: string,
  status: number,
  code: string,
  error: string,
  message: string,
): string {
  return `		@refused_${name} ${matcher}
		handle @refused_${name} {
			header Content-Type application/json
			header Cache-Control no-store
			header x-tokenleash-error ${code}
			respond \`${refusalBody(error, message)}\` ${status}
		}`;
}

/** Read for each request, so that a new token needs no reload of the file; a variable needs a restart. */
function secretPlaceholder({ secret }: Gateway): string {
  return secret.from === 'env' ? `{env.${secret.variable}}` : quoted(`{file.${secret.path}}`);
}

function forwarding(gateway: Gateway, authorization: string | null): string {
  const { profile } = gateway;
  const upstream = upstreamOf(profile.url);
  const own = profile.clientCertificate;
  const dropped = [
    ...[...DROPPED].filter((name) => !CADDYS_OWN.has(name)),
    ...DROPPED_PREFIXES.map((prefix) => `${prefix}*`),
    '*_*',
  ];
  const transport = [
    'dial_timeout 10s',
    'response_header_timeout 30s',
    ...(profile.ca === null ? [] : [`tls_trusted_ca_certs ${quoted(profile.ca)}`]),
    ...(own === null ? [] : [`tls_client_auth ${quoted(own.certificate)} ${quoted(own.key)}`]),
  ];
  const port =
    upstream.host.includes(':') && !upstream.host.endsWith(']') ? '' : `:${upstream.port}`;
  const lines = [
    ...(upstream.basePath === '' ? [] : [`rewrite * ${upstream.basePath}{http.request.orig_uri}`]),
    `reverse_proxy ${upstream.protocol}//${upstream.host}${port} {`,
    `	header_up Host ${upstream.host}`,
    ...(authorization === null ? [] : [`	${authorization}`]),
    ...dropped.map((name) => `	header_up -${name}`),
    '	header_down -Set-Cookie',
    '	transport http {',
    ...transport.map((line) => `		${line}`),
    '	}',
    '}',
  ];
  return lines.map((line) => `\t\t\t${line}`).join('\n');
}

/** As Caddy takes it back unchanged. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
