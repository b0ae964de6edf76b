import { signal } from '@preact/signals';
import type { Failure, TransferPreview } from '../platform/messages.ts';
import type { Send } from '../platform/send.ts';
import type { PermissionsApi } from './permissions.ts';
import { SILENT } from './words.ts';

type Parts = { send: Send; permissions: PermissionsApi; reload(): Promise<void> };

/** A settings file on its way in or out. */
export function createTransfer({ send, permissions, reload }: Parts) {
  const preview = signal<TransferPreview | null>(null);
  const failure = signal<Failure | null>(null);
  let text = '';

  function forget(): void {
    preview.value = null;
    failure.value = null;
    text = '';
  }

  return {
    preview,
    failure,
    forget,
    exportText: async () => (await send('transfer.export', {})).text,

    /** Reads a file and changes nothing. */
    async look(chosen: string): Promise<void> {
      forget();
      const answer = await send('transfer.preview', { text: chosen }).catch(() => SILENCE);
      if (!answer.ok) {
        failure.value = answer;
        return;
      }
      text = chosen;
      preview.value = answer;
    },

    /**
     * Takes what `look` has shown. The hosts are asked for first of all, since a click lets us ask once; without them
     * the instances are taken all the same, and can be allowed one by one. Null when nothing was taken.
     */
    async take(): Promise<{ allowed: boolean } | null> {
      const hosts = preview.value?.hosts ?? [];
      const allowed =
        hosts.length === 0 || (await permissions.askForHosts(hosts).catch(() => false));
      const answer = await send('transfer.take', { text }).catch(() => SILENCE);
      forget();
      if (!answer.ok) {
        failure.value = answer;
        return null;
      }
      await reload();
      return { allowed };
    },
  };
}

const SILENCE: Failure = { ok: false, code: 'background.silent', title: SILENT, message: '' };
