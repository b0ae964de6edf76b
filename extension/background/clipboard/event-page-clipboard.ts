import type { ClipboardAccess } from './clipboard-access.ts';
import { sha256 } from './sha256.ts';

/** How long Firefox is given when another document writes at the same instant, in ms. */
const SECOND_TRY_MS = 100;

/**
 * Firefox: the event page has a clipboard of its own. It sleeps after 30 s, and its timers with it, so that the alarm
 * alone clears (measured: alarms from 10 s on ring 0.1 to 3.5 s late).
 */
export function eventPageClipboard(clipboard: Clipboard): ClipboardAccess {
  /** Firefox refuses a write while another document writes (seen once); the second try passes. */
  async function write(text: string): Promise<void> {
    try {
      await clipboard.writeText(text);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, SECOND_TRY_MS));
      await clipboard.writeText(text);
    }
  }
  return {
    write,
    async clear({ compare }) {
      try {
        if (compare !== null && (await sha256(await clipboard.readText())) !== compare) {
          return 'not-ours';
        }
        await write('');
        return 'cleared';
      } catch {
        return 'failed';
      }
    },
    clearAt: async () => false,
    release: async () => {},
  };
}
