import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { canonicalPath } from '../../proxy/data/canonical-path.ts';
import { DOT_SEGMENT, TARGET_FORM, TARGETS, type Target } from '../../proxy/export/gateway.ts';
import { parseSecret } from '../../proxy/export/secret.ts';
import { allOperations } from '../../shared/unleash/operations/find.ts';
import {
  ENCODED_NAMES,
  envoyRoutes,
  gatewayOf,
  PLAIN_NAMES,
  PROFILE,
  proxySays,
  readText,
  regExpOf,
  requests,
  textOf,
  type Wanted,
  wanted,
} from './gateway-texts.ts';

const operations = allOperations();
const OPEN: Wanted = { access: 'write', mint: false, rules: [], clientRules: null };

describe.each(TARGETS)('the lists for %s', (target) => {
  test('say what the proxy says, for every request that method and path decide', () => {
    fc.assert(
      fc.property(
        wanted,
        fc.array(requests(PLAIN_NAMES), { minLength: 30, maxLength: 30 }),
        (each, asked) => {
          const reading = readText(target, textOf(target, gatewayOf(target, each)));
          for (const { method, path } of asked)
            expect([method, path, reading(method, `${path}?x=1`)]).toEqual([
              method,
              path,
              proxySays(each, method, path),
            ]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('let nothing pass that the proxy refuses, with names that are encoded too', () => {
    fc.assert(
      fc.property(
        wanted,
        fc.array(requests([...PLAIN_NAMES, ...ENCODED_NAMES]), { minLength: 30, maxLength: 30 }),
        (each, asked) => {
          const reading = readText(target, textOf(target, gatewayOf(target, each)));
          for (const { method, path } of asked)
            if (reading(method, path) === 'pass')
              expect([method, path, proxySays(each, method, path)]).toEqual([method, path, 'pass']);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('refuse an encoded name where an `allow` may be about it and the body would have to say so', () => {
    const rules = [{ verdict: 'allow' as const, project: ['a b'], flag: ['shop'] }];
    const reading = readText(target, textOf(target, gatewayOf(target, { ...OPEN, rules })));
    expect(reading('POST', '/api/admin/projects/a%20b/delete')).toBe('policy.rule');
    // Of a name that stands for itself it is known that this rule is about another project.
    expect(reading('POST', '/api/admin/projects/shop/delete')).toBe('pass');
  });

  test('have every operation: what it is, with no rules', () => {
    const reading = readText(target, textOf(target, gatewayOf(target, OPEN)));
    const wrong = operations.flatMap(({ method, path, id }) => {
      const concrete = path.replaceAll(/\{[^}]*\}/g, 'x');
      const [is, should] = [reading(method, concrete), proxySays(OPEN, method, concrete)];
      return is === should ? [] : [`${id}: ${is}, not ${should}`];
    });
    expect(wrong).toEqual([]);
    expect(operations.length).toBeGreaterThan(200);
  });
});

test('no segment of a path names two subjects, or a rule’s two conditions would fight for it', () => {
  for (const { id, names } of operations) {
    const segments = Object.values(names).flatMap((places) => [
      ...new Set(places.flatMap((place) => (place.in === 'path' ? [place.segment] : []))),
    ]);
    expect([id, new Set(segments).size]).toEqual([id, segments.length]);
  }
});

test('only a path that is canonical as it stands has the form that gateways want', () => {
  const form = regExpOf(`^${TARGET_FORM}$`);
  const dots = regExpOf(`^${DOT_SEGMENT}$`);
  const piece = fc.constantFrom(
    '/',
    '.',
    '..',
    '%2e',
    '%2F',
    '%5c',
    '%20',
    '%41',
    '%25',
    '%00',
    '%C3%BC',
    'a',
    'B',
    ';',
    '#',
    '\\',
    ':',
    '~',
    '%7E',
    '%7f',
    '*',
    '|',
    '%zz',
  );
  let passed = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const path = `/${pieces.join('')}`;
      if (!form.test(path) || dots.test(path)) return;
      passed += 1;
      const canonical = canonicalPath(path);
      // Not UTF-8 is all that it cannot tell.
      expect(canonical === null ? path : canonical.toUpperCase()).toBe(
        canonical === null ? path : path.toUpperCase(),
      );
      expect(/%2[fe]|%5c|%4[1-9]|\/\/|\/\.{1,2}(?:\/|$)/i.test(path)).toBe(false);
    }),
    { numRuns: 20_000 },
  );
  expect(passed).toBeGreaterThan(500);
});

const withRules: Wanted = {
  access: 'write',
  mint: false,
  rules: [
    { verdict: 'deny', project: ['payments'], access: ['write'] },
    { verdict: 'deny', flag: ['kill-*'] },
  ],
  clientRules: null,
};

describe.each(TARGETS)('the text for %s', (target: Target) => {
  test('holds no secret, names where it is, and says at its top what it cannot', () => {
    const gateway = gatewayOf(target, withRules);
    const text = textOf(target, gateway);
    const { secret } = gateway;
    expect(text).toContain(secret.from === 'env' ? `{env.${secret.variable}}` : secret.path);
    const head = text.split('\n\n')[0]?.replaceAll(/\n# +/g, ' ') ?? '';
    for (const sentence of gateway.notExpressed) expect(head).toContain(sentence);
    expect(head).toMatch(
      /rule 2 of profile prod: deny flag=kill-\* goes by the body of these, .*createFeature/,
    );
    expect(text.split('\n').every((line) => !/[\r\t\v]/.test(line.trim()))).toBe(true);
  });

  test('a rule whose words hold a line break stays a comment', () => {
    const text = textOf(
      target,
      gatewayOf(target, { ...OPEN, rules: [{ verdict: 'deny', project: ['a\nroot /; }'] }] }),
    );
    expect(text).not.toMatch(/^root/m);
  });
});

test('what is by the body is refused and named; what the path decides is not', () => {
  const { notExpressed, lines } = gatewayOf('nginx', {
    ...OPEN,
    rules: [{ verdict: 'deny', environment: ['production'] }],
  });
  expect(lines.byBody.map(({ operation }) => operation)).toContain('importToggles');
  expect(notExpressed.join('\n')).toMatch(
    /rule 1 of profile prod: deny environment=production goes by the body/,
  );
});

test('access ask and the event log are said', () => {
  const said = gatewayOf('caddy', { ...OPEN, access: 'ask' }).notExpressed.join('\n');
  expect(said).toContain('Approvals: access is ask');
  expect(said).toContain('getEvents');
});

describe('Envoy’s file', () => {
  const text = textOf('envoy', gatewayOf('envoy', withRules));
  const { static_resources: resources } = parse(text);
  const manager = resources.listeners[0].filter_chains[0].filters[0].typed_config;

  test('injects the token over whatever the caller sent, from a file that can be replaced', () => {
    const [injector, router] = manager.http_filters;
    expect(injector.typed_config).toMatchObject({
      '@type':
        'type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector',
      overwrite: true,
      allow_request_without_credential: false,
      credential: {
        name: 'envoy.http.injected_credentials.generic',
        typed_config: {
          header: 'Authorization',
          credential: {
            name: 'unleash-pat',
            sds_config: { path_config_source: { path: '/etc/envoy/tokenleash/prod.yaml' } },
          },
        },
      },
    });
    expect(router.typed_config['@type']).toContain('router.v3.Router');
  });

  test('takes it from a variable where that was asked for', () => {
    const gateway = { ...gatewayOf('envoy', OPEN), secret: parseSecret('env:PAT') };
    const file = parse(textOf('envoy', gateway)).static_resources;
    expect(file.secrets).toEqual([
      { name: 'unleash-pat', generic_secret: { secret: { environment_variable: 'PAT' } } },
    ]);
  });

  test('checks the server’s name against the profile’s CA, and puts the base path before each path', () => {
    const [cluster] = resources.clusters;
    expect(
      cluster.load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address,
    ).toEqual({ address: 'unleash.example.com', port_value: 443 });
    expect(cluster.transport_socket.typed_config).toMatchObject({
      sni: 'unleash.example.com',
      common_tls_context: {
        validation_context: {
          trusted_ca: { filename: '/etc/ssl/own-ca.pem' },
          match_typed_subject_alt_names: [
            { san_type: 'DNS', matcher: { exact: 'unleash.example.com' } },
          ],
        },
      },
    });
    const forwarded = envoyRoutes(text).filter(({ route }) => route);
    for (const { route } of forwarded)
      expect(route).toMatchObject({
        cluster: cluster.name,
        host_rewrite_literal: 'unleash.example.com',
        regex_rewrite: { pattern: { regex: '^/' }, substitution: '/flags/' },
      });
    expect(forwarded.length).toBeGreaterThan(100);
  });

  test('leaves the callers’ own tokens alone beside the admin API, and the rest without any', () => {
    const routes = envoyRoutes(text);
    const bare = routes.filter(({ typed_per_filter_config }) => typed_per_filter_config);
    expect(bare.map(({ match }) => match.safe_regex?.regex)).toEqual([
      expect.stringContaining('api/client'),
      expect.stringContaining('/health'),
    ]);
    expect(bare[1]?.request_headers_to_remove).toEqual(['authorization']);
    expect(manager.route_config.request_headers_to_remove).toEqual(
      expect.arrayContaining(['cookie', 'forwarded', 'x-forwarded-for', 'x-original-url', 'via']),
    );
    expect(manager.route_config.request_headers_to_remove).not.toContain('authorization');
    expect(manager.route_config.response_headers_to_remove).toEqual(['set-cookie']);
  });

  test('has nothing in a route but what Envoy’s Route has', () => {
    const fields = [
      'name',
      'match',
      'route',
      'direct_response',
      'response_headers_to_add',
      'request_headers_to_remove',
      'typed_per_filter_config',
    ];
    for (const route of envoyRoutes(text)) {
      expect(Object.keys(route).filter((field) => !fields.includes(field))).toEqual([]);
      expect([route.route, route.direct_response].filter(Boolean)).toHaveLength(1);
    }
  });
});

test('a reference to a secret is a plain absolute path or a variable', () => {
  expect(parseSecret('file:/run/secrets/pat')).toEqual({ from: 'file', path: '/run/secrets/pat' });
  expect(parseSecret('env:UNLEASH_PAT')).toEqual({ from: 'env', variable: 'UNLEASH_PAT' });
  for (const text of [
    'user:abc',
    'file:pat',
    'file:/a;b',
    'file:/a$b',
    'file:/a{b}',
    'env:A-B',
    'file:/a\nb',
    '',
  ])
    expect(() => parseSecret(text)).toThrow();
});

test('a profile at the root of a server has no path put before', () => {
  const gateway = gatewayOf('envoy', OPEN, { ...PROFILE, url: 'http://127.0.0.1:4242' });
  const text = textOf('envoy', gateway);
  expect(text).not.toContain('regex_rewrite');
  expect(parse(text).static_resources.clusters[0].transport_socket).toBeUndefined();
});

test('what differs on the way to the server is said', () => {
  const byAddress = { ...PROFILE, url: 'https://10.0.0.1', ca: null };
  const said = gatewayOf('nginx', OPEN, byAddress).notExpressed.join('\n');
  expect(said).toMatch(/names and not with an IP address/);
  expect(said).toMatch(/CAs: .*ca-certificates\.crt/);
  expect(gatewayOf('caddy', OPEN, byAddress).notExpressed.join('\n')).not.toMatch(/CAs: /);
});
