import * as v from 'valibot';
import type { AdminClient } from './client.ts';
import type { Result } from './errors.ts';

export type Environment = { name: string; type: string; enabled: boolean };

const List = v.object({
  environments: v.array(v.object({ name: v.string(), type: v.string(), enabled: v.boolean() })),
});

/** All environments, disabled ones too, in the server's order. */
export async function listEnvironments(client: AdminClient): Promise<Result<Environment[]>> {
  const answer = await client.call({
    method: 'GET',
    path: '/api/admin/environments',
    answer: List,
  });
  return answer.ok ? { ok: true, value: answer.value.environments } : answer;
}
