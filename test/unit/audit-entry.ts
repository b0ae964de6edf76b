import type { AuditEntry } from '../../proxy/data/context.ts';

/** One request as the audit log and the live events have it. */
export function auditEntry(id: number | string, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    time: '2026-01-01T00:00:00.000Z',
    id: String(id),
    client: 'script',
    via: 'phantom',
    profile: 'test',
    method: 'GET',
    operation: 'getProjects',
    template: '/api/admin/projects',
    verdict: 'allowed',
    code: null,
    rule: null,
    status: 200,
    ms: 1.5,
    ...more,
  };
}
