import type { Instance, Request } from '../platform/messages.ts';
import type { BackgroundParts } from './background-parts.ts';
import { quickCreateForm, writeDraft } from './drafts.ts';

/** Opens our form for this instance, filled in for what is on screen. */
export async function openCreate(
  { instances, session, openForm }: Pick<BackgroundParts, 'instances' | 'session' | 'openForm'>,
  instance: Instance,
  wanted: Request<'page.quickCreate'>,
): Promise<void> {
  await instances.use(instance.id);
  await writeDraft(session, {
    instanceId: instance.id,
    form: quickCreateForm(wanted),
    tab: 'create',
  });
  await openForm();
}

/** What the form is filled in with on a page of this path, below the instance's base path. */
export function formOfPath(path: string): Request<'page.quickCreate'> {
  if (/^\/profile(\/|$)/.test(path)) return { kind: 'personal', project: null, environment: null };
  const segment = /^\/projects\/([^/]+)/.exec(path)?.[1];
  return { kind: 'backend', project: segment ? decoded(segment) : null, environment: null };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
