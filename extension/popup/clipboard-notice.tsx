import { ClipboardX } from 'lucide-preact';
import { TextButton } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import type { Popup } from './store.ts';
import { WORDS } from './words.ts';

/** Said once after a restart: a token may still be on the clipboard, and we cannot see whether it is. */
export function ClipboardNotice({ popup }: { popup: Popup }) {
  const notice = popup.notice.value;
  if (notice === null) return null;
  return (
    <Note tone="warn" icon={ClipboardX} title={notice}>
      <TextButton onClick={() => void popup.clearClipboard()}>{WORDS.clearNow}</TextButton>
    </Note>
  );
}
