import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { outcomeOf, selector } from '../../proxy/audit/select.ts';
import type { Io } from '../../proxy/commands/command.ts';
import { explainRequestById } from '../../proxy/commands/explain-request.ts';
import { lineOf } from '../../proxy/commands/log.ts';
import { parseSince } from '../../proxy/commands/log-options.ts';
import type { AuditEntry } from '../../proxy/data/context.ts';

const entry: AuditEntry = {
  time: '2026-11-23T09:00:00.000Z',
  id: '6f1c1c0e-0000-4000-8000-000000000001',
  client: 'Deploy-1',
  via: 'phantom',
  profile: 'prod',
  method: 'POST',
  operation: 'createFeature',
  template: '/api/admin/projects/:projectId/features',
  verdict: 'allowed',
  code: null,
  rule: null,
  status: 201,
  ms: 12.4,
};
const ANYTHING = { client: null, profile: null, operation: null, outcome: null };

test.each([
  [{}, true],
  [{ client: 'deploy-1' }, true],
  [{ client: 'deploy-?' }, true],
  [{ client: 'deploy' }, false],
  [{ operation: '*feature' }, true],
  [{ profile: 'prod', client: 'other' }, false],
  [{ outcome: 'allowed' as const }, true],
  [{ outcome: 'failed' as const }, false],
])('an entry under %j: %s', (wanted, found) => {
  expect(selector({ ...ANYTHING, ...wanted })(entry)).toBe(found);
});

test('a request without a client or an operation is found by no name, not even by *', () => {
  const nobody = { ...entry, client: null, operation: null };
  expect(selector({ ...ANYTHING, client: '*' })(nobody)).toBe(false);
  expect(selector({ ...ANYTHING, operation: '*' })(nobody)).toBe(false);
  expect(selector(ANYTHING)(nobody)).toBe(true);
});

test('what was let through and got no answer has failed', () => {
  expect(outcomeOf(entry)).toBe('allowed');
  expect(outcomeOf({ ...entry, code: 'upstream.timeout' })).toBe('failed');
  expect(outcomeOf({ ...entry, verdict: 'refused', code: 'policy.rule' })).toBe('refused');
});

test('a line of people ends with the id where it was refused, and never acts on the terminal', () => {
  expect(lineOf(entry)).toBe(
    '2026-11-23T09:00:00.000Z  Deploy-1 → prod  allowed 201  createFeature, POST /api/admin/projects/:projectId/features  12 ms',
  );
  const refused = { ...entry, verdict: 'refused' as const, code: 'policy.rule', status: 403 };
  const said = lineOf({ ...refused, rule: 'deny \u001b[31m production', operation: null });
  expect(said).toContain('refused 403  policy.rule by deny ?[31m production  POST (no operation)');
  expect(said.endsWith(entry.id)).toBe(true);
});

test('since is so long ago, or a date', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  expect(parseSince('30m')(now)).toBe(now - 1_800_000);
  expect(parseSince('2026-11-23T09:00Z')(now)).toBe(Date.parse('2026-11-23T09:00Z'));
  expect(parseSince('2026-11-23 09:00Z')(now)).toBe(Date.parse('2026-11-23T09:00Z'));
  expect(parseSince('2026-11-23')(now)).toBe(Date.parse('2026-11-23'));
  for (const wrong of ['', 'yesterday', '10', '-5m', '2026', '2026-99-01', '2026-11-23T25:00'])
    expect(() => parseSince(wrong)).toThrow('has to be a time');
});

test('a request of this very moment is explained, though its line comes a little later', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tl-explain-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));
  const stdout = new PassThrough();
  const paths = { config: folder, state: folder, data: folder, runtime: folder };
  const line = (_to: string, text: string) => stdout.write(`${text}\n`);
  const io = { stdout, line, paths } as unknown as Io;
  const explained = explainRequestById(entry.id, true, io);
  setTimeout(() => writeFileSync(join(folder, 'audit.jsonl'), `${JSON.stringify(entry)}\n`), 100);
  expect(await explained).toBe(0);
  expect(JSON.parse(String(stdout.read()))).toMatchObject({ version: 1, id: entry.id, hint: null });
});
