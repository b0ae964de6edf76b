import { expect, test } from 'vitest';
import { auditLine } from '../../proxy/audit/line.ts';
import type { AuditEntry } from '../../proxy/data/context.ts';

const PLAIN: AuditEntry = {
  time: '2026-01-01T00:00:00.000Z',
  id: '1b4e28ba-2fa1-11d2-883f-0016d3cca427',
  client: 'script',
  via: 'phantom',
  profile: 'test',
  method: 'GET',
  operation: 'getProjects',
  template: '/api/admin/projects/{projectId}',
  verdict: 'allowed',
  code: null,
  rule: null,
  status: 200,
  ms: 1.5,
};

const ENTRIES: readonly AuditEntry[] = [
  PLAIN,
  { ...PLAIN, client: null, via: null, profile: null, operation: null, template: null },
  { ...PLAIN, verdict: 'refused', code: 'policy.rule', status: 403, ms: 0 },
];

test.each(ENTRIES)('an entry of the log is the line that JSON has for it (%#)', (entry) => {
  expect(auditLine(entry)).toBe(`${JSON.stringify(entry)}\n`);
});

test('every character of a text is escaped as JSON has it', () => {
  for (let code = 0; code <= 0xffff; code += 1) {
    const entry = { ...PLAIN, rule: `a${String.fromCharCode(code)}b` };
    if (auditLine(entry) !== `${JSON.stringify(entry)}\n`) expect(code).toBe('escaped');
  }
});
