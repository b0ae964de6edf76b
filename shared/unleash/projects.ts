import * as v from 'valibot';
import type { AdminClient } from './client.ts';
import type { Result } from './errors.ts';

export type Project = { id: string; name: string };

const List = v.object({ projects: v.array(v.object({ id: v.string(), name: v.string() })) });

/** The projects that we may see, in the server's order. */
export async function listProjects(client: AdminClient): Promise<Result<Project[]>> {
  const answer = await client.call({ method: 'GET', path: '/api/admin/projects', answer: List });
  return answer.ok ? { ok: true, value: answer.value.projects } : answer;
}
