import { isIP } from 'node:net';
import { HOP_BY_HOP } from '../data/hop-by-hop.ts';
import { MARKS } from '../data/steps/browser.ts';
import { DROPPED } from '../data/steps/headers.ts';
import { upstreamOf } from '../data/upstream.ts';
import {
  ADMIN_PATH,
  commentHead,
  DOT_SEGMENT,
  type Gateway,
  KNOWN_FORWARDED,
  OPEN_PATH,
  OWN_TOKEN_PATH,
  refusalBody,
  SYSTEM_CAS,
  TARGET_FORM,
} from './gateway.ts';
import type { Block, Line } from './lines.ts';
import { METHODS_SERVED } from './lists.ts';

type Json = { [name: string]: unknown };

const INJECTOR = 'envoy.filters.http.credential_injector';
const CLUSTER = 'unleash';
const SECRET = 'unleash-pat';

/** What Envoy sets itself, or refuses to have removed. */
const ENVOYS_OWN: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'host',
  'content-length',
  'accept-encoding',
  'authorization',
]);

const REMOVED = [
  ...[...DROPPED].filter((name) => !ENVOYS_OWN.has(name)),
  ...KNOWN_FORWARDED,
  'sec-fetch-mode',
  'x-tokenleash-profile',
];

/** A whole bootstrap file: one listener, one cluster. YAML; each route is a line. */
export function envoyText(gateway: Gateway): string {
  const { profile, listen, secret } = gateway;
  const virtualHost = routes(gateway)
    .map((route) => `              - ${JSON.stringify(route)}`)
    .join('\n');
  const generic: Json = {
    '@type': 'type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic',
    credential: {
      name: SECRET,
      ...(secret.from === 'file'
        ? {
            sds_config: {
              path_config_source: { path: secret.path },
              resource_api_version: 'V3',
            },
          }
        : {}),
    },
    header: 'Authorization',
  };
  return `${commentHead(gateway, 'Envoy', [
    'It is a whole bootstrap file: envoy -c FILE. Written for the API of Envoy 1.30 and later.',
    'Before others may reach it: give the listener a certificate (transport_socket), and say who may call: a client certificate, jwt_authn or ext_authz before the credential injector.',
  ])}

static_resources:
${
  secret.from === 'env'
    ? `  secrets:
  - name: ${SECRET}
    generic_secret: ${JSON.stringify({ secret: { environment_variable: secret.variable } })}
`
    : ''
}  listeners:
  - name: tokenleash
    address: ${JSON.stringify({ socket_address: { address: listen.host, port_value: listen.port } })}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: tokenleash
          # What is matched is what is sent: a path that is not canonical is refused, not put right.
          normalize_path: false
          merge_slashes: false
          path_with_escaped_slashes_action: REJECT_REQUEST
          common_http_protocol_options: { headers_with_underscores_action: DROP_HEADER }
          use_remote_address: true
          skip_xff_append: true
          generate_request_id: false
          route_config:
            name: tokenleash
            request_headers_to_remove: ${JSON.stringify(REMOVED)}
            response_headers_to_remove: [set-cookie]
            virtual_hosts:
            - name: tokenleash
              domains: ["*"]
              # The first route that matches decides.
              routes:
${virtualHost}
          http_filters:
          - name: ${INJECTOR}
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector
              overwrite: true
              allow_request_without_credential: false
              credential:
                name: envoy.http.injected_credentials.generic
                typed_config: ${JSON.stringify(generic)}
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
              suppress_envoy_headers: true
  clusters:
  - ${JSON.stringify(cluster(profile))}
`;
}

function cluster(profile: Gateway['profile']): Json {
  const { protocol, hostname, port } = upstreamOf(profile.url);
  const address = { socket_address: { address: hostname, port_value: port } };
  const made: Json = {
    name: CLUSTER,
    type: isIP(hostname) === 0 ? 'STRICT_DNS' : 'STATIC',
    connect_timeout: '10s',
    load_assignment: {
      cluster_name: CLUSTER,
      endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }],
    },
  };
  if (protocol === 'http:') return made;
  const own = profile.clientCertificate;
  const san = isIP(hostname) === 0 ? 'DNS' : 'IP_ADDRESS';
  made.transport_socket = {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
      ...(san === 'DNS' ? { sni: hostname } : {}),
      common_tls_context: {
        tls_params: { tls_minimum_protocol_version: 'TLSv1_2' },
        ...(own === null
          ? {}
          : {
              tls_certificates: [
                {
                  certificate_chain: { filename: own.certificate },
                  private_key: { filename: own.key },
                },
              ],
            }),
        validation_context: {
          trusted_ca: { filename: profile.ca ?? SYSTEM_CAS },
          match_typed_subject_alt_names: [{ san_type: san, matcher: { exact: hostname } }],
        },
      },
    },
  };
  return made;
}

/** Every route in order: what is refused for its form, each operation, what passes with no token of ours, the rest. */
function routes({ lines, profile }: Gateway): Json[] {
  const anyPath = { prefix: '/' };
  const forward = forwarding(profile.url);
  const withoutInjector = {
    typed_per_filter_config: {
      [INJECTOR]: {
        '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig',
        disabled: true,
      },
    },
  };
  const page = (headers: Json[]) =>
    refused(
      { ...anyPath, headers },
      403,
      'browser.refused',
      'ForbiddenError',
      'A browser sent this request.',
    );
  const uncanonical = ['BadDataError', 'The path is not in its canonical form.'] as const;
  return [
    refused(
      { ...anyPath, headers: [method(METHODS_SERVED, true)] },
      405,
      'target.method',
      'MethodNotAllowedError',
      'This gateway does not serve this method.',
    ),
    refused(
      { ...anyPath, headers: [pathHeader(TARGET_FORM, true)] },
      400,
      'target.path',
      ...uncanonical,
    ),
    refused({ ...anyPath, headers: [pathHeader(DOT_SEGMENT)] }, 400, 'target.path', ...uncanonical),
    ...[...MARKS].map((name) => page([{ name, present_match: true }])),
    page([
      { name: 'sec-fetch-mode', present_match: true },
      { name: 'sec-fetch-mode', string_match: { exact: 'cors' }, invert_match: true },
    ]),
    ...lines.blocks.flatMap((block) => blockRoutes(block, forward)),
    // No request comes so far: the blocks above have every method that is served.
    refused(pathMatch(ADMIN_PATH), 403, 'policy.rule', 'ForbiddenError', REFUSED_BY_RULES),
    { name: 'own tokens', match: pathMatch(OWN_TOKEN_PATH), route: forward, ...withoutInjector },
    {
      name: 'open',
      match: { ...pathMatch(OPEN_PATH), headers: [method(['GET', 'HEAD'])] },
      route: forward,
      request_headers_to_remove: ['authorization'],
      ...withoutInjector,
    },
    refused(anyPath, 404, 'target.path', 'NotFoundError', 'This gateway does not serve this path.'),
  ];
}

const REFUSED_BY_RULES = 'The rules of this gateway refuse this request.';

/** Two lists at once are their pairs, in order: the first pair that matches is the first line of each that does. */
function blockRoutes({ operation, methods, lists }: Block, forward: Json): Json[] {
  const [first = [], second = [null]] = lists;
  return first.flatMap((one) =>
    second.map((other): Json => {
      const deciding = other === null || one.outcome !== 'pass' ? one : other;
      const match: Json = {
        ...pathMatch(one.path),
        headers: [method(methods), ...(other === null ? [] : [pathHeader(withQuery(other))])],
      };
      const name = `${operation}: ${deciding.why}`;
      if (deciding.outcome === 'pass') return { name, match, route: forward };
      return { name, ...refused(match, 403, deciding.outcome, 'ForbiddenError', REFUSED_BY_RULES) };
    }),
  );
}

/** The header `:path` has the query, the path of a route does not. */
function withQuery({ path }: Line): string {
  return `${path}(?:[?].*)?`;
}

const pathMatch = (regex: string): Json => ({ safe_regex: { regex } });

function pathHeader(regex: string, invert = false): Json {
  return {
    name: ':path',
    string_match: { safe_regex: { regex } },
    ...(invert ? { invert_match: true } : {}),
  };
}

function method(methods: readonly string[], invert = false): Json {
  const string_match =
    methods.length === 1 ? { exact: methods[0] } : { safe_regex: { regex: methods.join('|') } };
  return { name: ':method', string_match, ...(invert ? { invert_match: true } : {}) };
}

function forwarding(url: string): Json {
  const { host, basePath } = upstreamOf(url);
  return {
    cluster: CLUSTER,
    host_rewrite_literal: host,
    // First byte and silence, not the whole of an answer.
    timeout: '0s',
    idle_timeout: '120s',
    ...(basePath === ''
      ? {}
      : { regex_rewrite: { pattern: { regex: '^/' }, substitution: `${basePath}/` } }),
  };
}

function refused(match: Json, status: number, code: string, name: string, message: string): Json {
  return {
    match,
    direct_response: { status, body: { inline_string: refusalBody(name, message) } },
    response_headers_to_add: [
      ['content-type', 'application/json'],
      ['cache-control', 'no-store'],
      ['x-tokenleash-error', code],
    ].map(([key, value]) => ({
      header: { key, value },
      append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
    })),
  };
}
