import { upstreamOf } from '../data/upstream.ts';
import {
  BEHIND_PATH,
  commentHead,
  DOT_SEGMENT,
  type Gateway,
  OPEN_PATH,
  OWN_TOKEN_PATH,
  refusalBody,
  SYSTEM_CAS,
  TARGET_FORM,
} from './gateway.ts';
import type { Line } from './lines.ts';
import { listCount, listOf, METHODS_SERVED } from './lists.ts';

/**
 * Headers that go on; all others stay behind, since nginx cannot leave out names by their beginning. In the spelling
 * of nginx's variables.
 */
const PASSED = [
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Cache-Control',
  'Content-Encoding',
  'Content-Type',
  'If-Match',
  'If-Modified-Since',
  'If-None-Match',
  'If-Unmodified-Since',
  'User-Agent',
  'Unleash-AppName',
  'Unleash-Client-Spec',
  'Unleash-Connection-Id',
  'Unleash-InstanceId',
  'Unleash-Interval',
  'Unleash-Sdk',
  'X-Unleash-AppName',
  'X-Unleash-Connection-Id',
  'X-Unleash-Sdk',
];

/** A file for nginx's `http` context, such as one in conf.d. */
export function nginxText(gateway: Gateway): string {
  const { profile, lines, listen } = gateway;
  const name = `tokenleash_${profile.name.toLowerCase().replace(/[^a-z0-9]/g, '_')}`;
  const lists = Array.from({ length: listCount(lines) }, (_, at) => at);
  const checks = lists.map(
    (at) =>
      `        if ($${name}_list${at + 1} != pass) { set $${name}_refused $${name}_list${at + 1}; return 403 ${quoted(refusalBody('ForbiddenError', 'The rules of this gateway refuse this request.'))}; }`,
  );
  const upstream = upstreamOf(profile.url);
  return `${commentHead(gateway, 'nginx', [
    'It stands in the http context: /etc/nginx/conf.d/ does. Written for nginx 1.22 and later.',
    'Before others may reach it: give "server" its own name and certificate, and say who may call.',
  ])}

map $request_uri $${name}_form {
    default refused;
    ${quoted(`~^${DOT_SEGMENT}$`)} refused;
    ${quoted(`~^${TARGET_FORM}$`)} canonical;
}

# Every request that a web page can cause carries one of these.
map "$http_origin$http_referer$http_sec_fetch_site$http_sec_fetch_dest$http_sec_fetch_user" $${name}_page {
    default 1;
    "" 0;
}
map $http_sec_fetch_mode $${name}_fetch {
    default 1;
    "" 0;
    cors 0;
}

${lists.map((at) => mapOf(`${name}_list${at + 1}`, listOf(lines, at))).join('\n\n')}

map $request_method $${name}_method {
    default refused;
${METHODS_SERVED.map((method) => `    ${method} served;`).join('\n')}
}

map "$request_method $request_uri" $${name}_route {
    default none;
    ${quoted(`~^(?:${METHODS_SERVED.join('|')}) ${OWN_TOKEN_PATH}${BEHIND_PATH}$`)} own;
    ${quoted(`~^(?:GET|HEAD) ${OPEN_PATH}${BEHIND_PATH}$`)} open;
}

upstream ${name} {
    # Looked up when nginx starts or is reloaded.
    server ${hostPort(upstream.hostname, upstream.port)};
    keepalive 16;
}

server {
    listen ${hostPort(listen.host, listen.port)};
    # listen 443 ssl; ssl_certificate …; ssl_certificate_key …; server_name …;
    # Who may call: ssl_client_certificate …; ssl_verify_client on;

    default_type application/json;
    # Paths of Unleash can hold tokens: log no more of a request than its method and status.
    access_log off;
    client_max_body_size 0;

    set $${name}_refused "";
    add_header x-tokenleash-error $${name}_refused always;
    add_header Cache-Control $${name}_store always;

    if ($${name}_method = refused) { set $${name}_refused target.method; return 405 ${quoted(refusalBody('MethodNotAllowedError', 'This gateway does not serve this method.'))}; }
    if ($${name}_form = refused) { set $${name}_refused target.path; return 400 ${quoted(refusalBody('BadDataError', 'The path is not in its canonical form.'))}; }
    if ($${name}_page) { set $${name}_refused browser.refused; return 403 ${quoted(refusalBody('ForbiddenError', 'A browser sent this request.'))}; }
    if ($${name}_fetch) { set $${name}_refused browser.refused; return 403 ${quoted(refusalBody('ForbiddenError', 'A browser sent this request.'))}; }

    location ~* ^/api/admin(?:/|$) {
${checks.join('\n')}
        ${secretLine(gateway)}
${forwarding(gateway, name)}
    }

    location / {
        if ($${name}_route = none) { set $${name}_refused target.path; return 404 ${quoted(refusalBody('NotFoundError', 'This gateway does not serve this path.'))}; }
        # The callers' own Unleash tokens pass on the client and frontend APIs; the gateway's never does here.
        proxy_set_header Authorization $${name}_own;
${forwarding(gateway, name)}
    }
}

map $${name}_route $${name}_own {
    default "";
    own $http_authorization;
}
map $${name}_refused $${name}_store {
    default no-store;
    "" "";
}
`;
}

function mapOf(variable: string, list: readonly Line[]): string {
  const lines = list.map(({ methods, path, outcome, why }) => {
    const pattern = `~^(?:${methods.join('|')}) ${path}${BEHIND_PATH}$`;
    return `    # ${why}\n    ${quoted(pattern)} ${outcome};`;
  });
  return `# The first line that matches decides.\nmap "$request_method $request_uri" $${variable} {\n    default policy.rule;\n${lines.join('\n')}\n}`;
}

function secretLine({ secret }: Gateway): string {
  return secret.from === 'file' ? `include ${quoted(secret.path)};` : '';
}

function forwarding(gateway: Gateway, name: string): string {
  const { profile } = gateway;
  const upstream = upstreamOf(profile.url);
  const tls = upstream.protocol === 'https:';
  const own = profile.clientCertificate;
  return [
    'proxy_pass_request_headers off;',
    `proxy_set_header Host ${quoted(upstream.host)};`,
    'proxy_set_header Connection "";',
    ...PASSED.map(
      (header) => `proxy_set_header ${header} $http_${header.toLowerCase().replaceAll('-', '_')};`,
    ),
    `proxy_pass ${upstream.protocol}//${name}${upstream.basePath}$request_uri;`,
    'proxy_http_version 1.1;',
    'proxy_redirect off;',
    'proxy_request_buffering off;',
    'proxy_max_temp_file_size 0;',
    'proxy_connect_timeout 10s;',
    'proxy_read_timeout 120s;',
    'proxy_hide_header Set-Cookie;',
    'proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset;',
    ...(tls
      ? [
          'proxy_ssl_verify on;',
          'proxy_ssl_verify_depth 5;',
          `proxy_ssl_trusted_certificate ${quoted(profile.ca ?? SYSTEM_CAS)};`,
          'proxy_ssl_server_name on;',
          `proxy_ssl_name ${quoted(upstream.hostname)};`,
          'proxy_ssl_protocols TLSv1.2 TLSv1.3;',
        ]
      : []),
    ...(own === null
      ? []
      : [
          `proxy_ssl_certificate ${quoted(own.certificate)};`,
          `proxy_ssl_certificate_key ${quoted(own.key)};`,
        ]),
  ]
    .map((line) => `        ${line}`)
    .join('\n');
}

function hostPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** As nginx takes it back unchanged. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
