import type { Answer, CreateForm, Request } from '../platform/messages.ts';
import type { Store } from '../platform/store.ts';

/** In memory and per instance: what was typed into the form while the popup is closed. It holds no secret. */
const keyOf = (instanceId: string) => `draft:${instanceId}`;

export async function readDraft(session: Store, instanceId: string): Promise<Answer<'draft.read'>> {
  const draft = (await session.read(keyOf(instanceId))) as Answer<'draft.read'> | undefined;
  return draft ?? { form: null, tab: 'create' };
}

export async function writeDraft(
  session: Store,
  { instanceId, form, tab }: Request<'draft.write'>,
): Promise<void> {
  await session.write(keyOf(instanceId), { form, tab });
}

/** Lets the popup open on this tab; what was typed into the form stays. */
export async function openOnTab(
  session: Store,
  instanceId: string,
  tab: Answer<'draft.read'>['tab'],
): Promise<void> {
  const draft = await readDraft(session, instanceId);
  await session.write(keyOf(instanceId), { ...draft, tab });
}

/** The form as quick-create opens it: what is on screen is filled in, the rest is as if it were opened new. */
export function quickCreateForm(wanted: Request<'page.quickCreate'>): CreateForm {
  return {
    kind: wanted.kind,
    name: '',
    projects: wanted.project === null ? ['*'] : [wanted.project],
    environment: wanted.environment ?? '',
    expires: wanted.kind === 'personal' ? '30' : 'never',
    customDate: '',
  };
}
