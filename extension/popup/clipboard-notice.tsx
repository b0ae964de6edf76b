import { ClipboardCheck, ClipboardX } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Answer } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import { TextButton } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import type { Popup } from './store.ts';
import { WORDS } from './words.ts';

type Result = Answer<'clipboard.clearNow'>['result'] | 'silent';

const RESULT_WORDS: Record<Result, string> = {
  cleared: WORDS.cleared,
  already: WORDS.cleared,
  'not-ours': WORDS.notOurs,
  failed: WORDS.notCleared,
  silent: WORDS.notAnswered,
};

/** Said once after a restart: a token may still be on the clipboard, and we cannot see whether it is. */
export function ClipboardNotice({ popup }: { popup: Popup }) {
  const notice = popup.notice.value;
  const [result, setResult] = useState<Result | null>(null);
  if (notice === null) return null;
  const clear = async () => {
    const became = await popup.clearClipboard();
    setResult(became);
    announce(RESULT_WORDS[became]);
  };
  if (result === 'cleared' || result === 'already') {
    return <Note tone="tip" icon={ClipboardCheck} title={RESULT_WORDS[result]} />;
  }
  return (
    <Note tone="warn" icon={ClipboardX} title={notice}>
      {result !== null && <div>{RESULT_WORDS[result]}</div>}
      {result !== 'not-ours' && (
        <TextButton onClick={() => void clear()}>{WORDS.clearNow}</TextButton>
      )}
    </Note>
  );
}
