import {
  COPY_FORMAT_IDS,
  type CopyFacts,
  type CopyFormatId,
  type CopyText,
  copyText,
  formatsFor,
} from '../../shared/token/copy-as/formats.ts';
import type { CopyState, Failure, LastFormats } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { Store } from '../platform/store.ts';
import type { BackgroundParts } from './background-parts.ts';
import { gone } from './failure.ts';
import type { Handlers } from './message-router.ts';
import { orNoRoom } from './no-room.ts';

const LAST_KEY = 'copy-formats';

/**
 * Copies a token in one of the formats and sees to the end of the whole text as of a bare token. `createdId` is that of
 * a token under "Just created", null for one that Unleash gave again. Ends in a `Failure` where the format is not for
 * this kind, where nothing can carry the token or its address, or where the browser will not write.
 */
export async function copyAs(
  { clipboard, local }: Pick<BackgroundParts, 'clipboard' | 'local'>,
  secret: string,
  facts: CopyFacts,
  format: CopyFormatId,
  createdId: string | null = null,
): Promise<{ ok: true; copy: CopyState } | Failure> {
  const made = copyText(secret, facts, format);
  if (!made.ok) return notThisWay(made.problem);
  let copy: CopyState;
  try {
    copy = await clipboard.copy(made.text, createdId, secret);
  } catch {
    return refused();
  }
  // A choice that could not be kept is worth no words: the copy is there.
  await remember(local, facts.kind, format).catch(() => undefined);
  return { ok: true, copy };
}

/** What was chosen last, without what this version does not know. */
export async function lastFormats(local: Store): Promise<LastFormats> {
  const kept = await local.read(LAST_KEY);
  if (typeof kept !== 'object' || kept === null) return {};
  const known = Object.entries(kept).filter(([, id]) => COPY_FORMAT_IDS.includes(id));
  return Object.fromEntries(known) as LastFormats;
}

async function remember(
  local: Store,
  kind: CopyFacts['kind'],
  id: CopyFormatId | null,
): Promise<LastFormats> {
  const { [kind]: before = null, ...others } = await lastFormats(local);
  const formats: LastFormats = id === null ? others : { ...others, [kind]: id };
  if (before !== id) await local.write(LAST_KEY, formats);
  return formats;
}

export function copyAsHandlers(
  parts: Pick<BackgroundParts, 'clipboard' | 'local' | 'created'>,
): Pick<Handlers, 'created.copyAs' | 'copyAs.last' | 'copyAs.prefer'> {
  return {
    async 'created.copyAs'({ id, format }) {
      const kept = await parts.created.find(id);
      if (!kept?.secret) return gone();
      const { kind, instanceId, name } = kept.token;
      return copyAs(parts, kept.secret, { kind, baseUrl: instanceId, name }, format, id);
    },
    'copyAs.last': () => lastFormats(parts.local),
    async 'copyAs.prefer'({ kind, format }) {
      // The menu of this kind has no such line to open at.
      if (format !== null && !formatsFor(kind).some(({ id }) => id === format)) {
        return notThisWay('kind');
      }
      return orNoRoom(async () => ({
        ok: true,
        formats: await remember(parts.local, kind, format),
      }));
    },
  };
}

const refused = (): Failure => ({
  ok: false,
  code: 'clipboard.refused',
  title: say('token_not_copied'),
  message: say('write_refused_format'),
});

function notThisWay(problem: Extract<CopyText, { ok: false }>['problem']): Failure {
  return {
    ok: false,
    code: `copy-as.${problem}`,
    title: say('token_not_copied'),
    message: nextSteps()[problem],
  };
}

const nextSteps = () => ({
  kind: say('format_kind'),
  token: say('format_token'),
  address: say('format_address'),
});
