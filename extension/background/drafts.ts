import { draftKeyOf, NO_DRAFT } from '../platform/first-view.ts';
import type { Answer, CreateForm, Request } from '../platform/messages.ts';
import type { Store } from '../platform/store.ts';

export async function readDraft(session: Store, instanceId: string): Promise<Answer<'draft.read'>> {
  const draft = (await session.read(draftKeyOf(instanceId))) as Answer<'draft.read'> | undefined;
  return draft ?? NO_DRAFT;
}

export async function writeDraft(
  session: Store,
  { instanceId, form, tab }: Request<'draft.write'>,
): Promise<void> {
  await session.write(draftKeyOf(instanceId), { form, tab });
}

/** Lets the popup open on this tab; what was typed into the form stays. */
export async function openOnTab(
  session: Store,
  instanceId: string,
  tab: Answer<'draft.read'>['tab'],
): Promise<void> {
  const draft = await readDraft(session, instanceId);
  await session.write(draftKeyOf(instanceId), { ...draft, tab });
}

/**
 * The form as quick-create opens it: what is on screen is filled in, the rest is as if it were opened new. Without a
 * project none is named, and the popup chooses as it does for an empty form: all of them is never a silent choice.
 */
export function quickCreateForm(wanted: Request<'page.quickCreate'>): CreateForm {
  return {
    kind: wanted.kind,
    name: '',
    projects: wanted.project === null ? [] : [wanted.project],
    environment: wanted.environment ?? '',
    expires: '30',
    customDate: '',
  };
}
