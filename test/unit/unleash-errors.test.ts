import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNLEASH_ERROR_CODES, unleashError } from '../../shared/unleash/errors.ts';
import { type CallTopic, explainRefusal } from '../../shared/unleash/refusals.ts';
import { safeText } from '../../shared/unleash/safe-text.ts';
import type { Reply } from '../../shared/unleash/transport.ts';

const facts = { host: 'unleash.example.com', baseUrl: 'https://unleash.example.com/flags' };
const hex = (length: number) => '0123456789abcdef'.repeat(8).slice(0, length);

describe('the sentences', () => {
  const full = {
    ...facts,
    said: 'No',
    seconds: 30,
    permissions: ['ADMIN', 'CREATE_CLIENT_API_TOKEN'],
    limit: 10,
    leadsTo: 'https://sso.example.com/start',
    reason: 'Its certificate has expired. Have it renewed.',
    suggestion: 'something-2',
    status: 503,
  };

  it.for(UNLEASH_ERROR_CODES)(
    'of %s state a fact and what to do, with few and with all facts',
    (code) => {
      for (const known of [facts, full, { ...full, creates: true }]) {
        const error = unleashError(code, known);
        expect(error.title).toMatch(/^[A-Za-z0-9].*[^.\s]$/);
        expect(error.advice).toMatch(/^[A-Z].*[.]$/);
        expect(error.message).toBe(`${error.title}. ${error.advice}`);
      }
      const words = unleashError(code, full).message;
      expect(words).not.toMatch(/undefined|null|NaN|\[object/);
      expect(words).not.toMatch(/please|oops|invalid|successful|sign in/i);
    },
  );

  it('never tell anyone to ask for ADMIN where less would do', () => {
    const error = unleashError('permission.missing', full);
    expect(error.advice).toBe('Ask an Unleash admin for CREATE_CLIENT_API_TOKEN.');
    expect(error.permissions).toEqual(['ADMIN', 'CREATE_CLIENT_API_TOKEN']);
    const only = unleashError('permission.missing', { ...facts, permissions: ['ADMIN'] });
    expect(only.advice).toBe('Ask an Unleash admin for ADMIN.');
  });

  it('lead to the log-in page below the base path', () => {
    expect(unleashError('auth.not-logged-in', facts).loginUrl).toBe(
      'https://unleash.example.com/flags/login',
    );
  });
});

describe('what servers answer', () => {
  const explain = (
    status: number,
    json: unknown,
    topic: CallTopic = 'other',
    by: 'session' | 'token' = 'session',
  ) => {
    const reply: Reply = { status, json, text: '', form: 'json', retryAfterSeconds: null };
    return explainRefusal(reply, { by, topic, facts, secrets: [] });
  };

  const detail = (name: string, message: string) => ({
    id: 'x',
    name,
    message: 'Request validation failed: your request body or params contain invalid data.',
    details: [{ message, description: message }],
  });

  // Bodies as measured on the versions named; those that run in the integration tests are not repeated here.
  it.for<[string, number, CallTopic, unknown, string]>([
    [
      '4.19.5',
      400,
      'pat',
      {
        isJoi: true,
        name: 'ValidationError',
        details: [{ message: 'The expiry date should be in future.' }],
      },
      'expiry.past',
    ],
    [
      '4.19.5',
      400,
      'api-token',
      { isJoi: true, details: [{ message: '"type" must be one of [admin, client, frontend]' }] },
      'api-token.kind',
    ],
    [
      '4.19.5',
      400,
      'api-token',
      {
        error: 'Request validation failed',
        validation: [{ message: "should have required property 'username'" }],
      },
      'api-token.name-empty',
    ],
    [
      '4.19.5',
      403,
      'api-token',
      {
        permission: 'CREATE_API_TOKEN',
        message: 'You need permission=CREATE_API_TOKEN to perform this action',
      },
      'permission.missing',
    ],
    [
      '5.6.0',
      400,
      'pat',
      detail('BadDataError', 'PAT description cannot be empty'),
      'pat.description-empty',
    ],
    [
      '5.6.0',
      403,
      'api-token',
      {
        name: 'PermissionError',
        message: 'You need all of …',
        permissions: ['ADMIN', 'CREATE_CLIENT_API_TOKEN'],
      },
      'permission.missing',
    ],
    [
      '5.12.8',
      400,
      'pat',
      detail(
        'BadDataError',
        'The `/body/description` property is required. It was not present on the data you sent.',
      ),
      'pat.description-empty',
    ],
    [
      '5.12.8',
      400,
      'pat',
      detail('BadDataError', 'The `/body/expiresAt` property must match format "date-time".'),
      'expiry.form',
    ],
    [
      '5.12.8',
      409,
      'pat',
      detail('NameExistsError', 'PAT description already exists.'),
      'pat.description-exists',
    ],
    [
      '5.12.8',
      403,
      'pat',
      { name: 'ForbiddenError', message: 'PATs require an authenticated user.' },
      'pat.needs-person',
    ],
    [
      '6.3.0',
      403,
      'pat',
      { name: 'OperationDeniedError', message: 'Too many PATs (10) already exist for this user.' },
      'pat.limit',
    ],
    [
      '6.3.0',
      400,
      'api-token',
      detail(
        'ExceedsLimitError',
        "Failed to create api token. You can't create more than the established limit of 2000.",
      ),
      'api-token.limit',
    ],
    [
      '6.10.1',
      403,
      'api-token',
      {
        name: 'OperationDeniedError',
        message:
          'Admin tokens are disabled in this instance. Use a Service account or a PAT to access admin operations instead',
      },
      'permission.admin-tokens',
    ],
    [
      '6.10.1',
      400,
      'api-token',
      detail('BadDataError', 'Client token cannot be scoped to disabled environments'),
      'api-token.environment-disabled',
    ],
    [
      '6.3.0',
      404,
      'api-token',
      { name: 'NotFoundError', message: 'No project found' },
      'api-token.project-unknown',
    ],
    [
      '6.3.0',
      400,
      'api-token',
      detail('BadDataError', 'Admin token cannot be scoped to single project'),
      'api-token.kind',
    ],
    [
      '7.4.1',
      400,
      'api-token',
      detail('BadDataError', 'Project=nope does not exist'),
      'api-token.project-unknown',
    ],
    [
      '7.4.1',
      400,
      'api-token',
      detail('BadDataError', 'The `/body/projects` property must contain at least 1 items'),
      'api-token.projects-empty',
    ],
    [
      '7.4.1',
      400,
      'api-token',
      detail('BadDataError', 'The `/body/type` property must match pattern "^(client|backend)$".'),
      'api-token.kind',
    ],
    ['8.2.0', 404, 'pat', { name: 'NotFoundError', message: 'PATs are disabled.' }, 'pat.disabled'],
    [
      '8.2.0',
      500,
      'api-token',
      {
        message:
          'insert or update on table "api_token_project" violates\nforeign key constraint "api_token_project_project_fkey"',
      },
      'api-token.project-unknown',
    ],
    [
      '8.2.0',
      503,
      'other',
      { message: 'Unleash is currently in maintenance mode.' },
      'server.maintenance',
    ],
    ['8.2.0', 415, 'other', { name: 'ContentTypeError', message: 'No way' }, 'request.refused'],
    ['a gateway', 503, 'other', null, 'server.gateway'],
  ])('%s: status %i about %s', ([, status, topic, body, code]) => {
    expect(explain(status, body, topic)).toMatchObject({ code, status });
  });

  it('a 401 is about the session or about the token, by what was sent', () => {
    const body = { name: 'UnauthorizedError', message: 'You must log in to use Unleash.' };
    expect(explain(401, body, 'other', 'session').code).toBe('auth.not-logged-in');
    expect(explain(401, body, 'other', 'token').code).toBe('auth.token-refused');
  });

  it('the limit in a sentence is told on', () => {
    const pats = explain(
      403,
      { message: 'Too many PATs (25) already exist for this user.' },
      'pat',
    );
    expect(pats.title).toContain('25');
    const tokens = explain(
      400,
      { message: "You can't create more than the established limit of 2000." },
      'api-token',
    );
    expect(tokens.title).toContain('2000');
  });

  it('a refusal that nobody foresaw repeats the first thing that the server said', () => {
    const error = explain(400, detail('BadDataError', 'The moon is not full'));
    expect(error).toMatchObject({ code: 'request.refused' });
    expect(error.advice).toBe('It said: The moon is not full. Change it and try again.');
  });

  it('a body of any shape ends in an error with whole sentences', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.jsonValue(), (status, json) => {
        const error = explain(status, json, 'api-token');
        expect(UNLEASH_ERROR_CODES).toContain(error.code);
        expect(error.message).toMatch(/[.…]$/);
      }),
    );
  });

  it('names of rights are taken from a body only if they look like ones', () => {
    const error = explain(403, {
      permissions: ['CREATE_CLIENT_API_TOKEN', `user:${hex(56)}`, 7, null],
    });
    expect(error.permissions).toEqual(['CREATE_CLIENT_API_TOKEN']);
  });
});

describe("a server's own words", () => {
  it('lose every token in them, known or not, encoded or not', () => {
    const secrets = [
      `user:${hex(56)}`,
      `*:*.${hex(56)}`,
      `default:development.${hex(56)}`,
      `user:v2_${hex(22)}_${hex(43)}`,
      hex(64),
    ];
    for (const secret of secrets) {
      for (const form of [secret, encodeURIComponent(secret), `"${secret}"`, `x${secret}`]) {
        const safe = safeText(`The path /api/admin/api-tokens/${form} is not there`);
        expect(safe).not.toContain(hex(40));
        expect(safe).toContain('is not there');
      }
    }
  });

  it('lose a secret that is given, whatever it looks like', () => {
    expect(safeText('I know s3/cret! and s3%2Fcret!', ['s3/cret!'])).not.toMatch(/s3/);
  });

  it('lose line breaks, terminal controls and marks that turn text round', () => {
    expect(safeText('a\r\nb\u001b[31mc\u202ed\u2028e')).toBe('a b [31mc d e');
  });

  it('are short and never end in half a character', () => {
    expect(safeText('🔑'.repeat(5000)).length).toBeLessThanOrEqual(301);
    expect(safeText(`x${'🔑'.repeat(5000)}`)).toMatch(/🔑…$/u);
  });
});
