import { ClipboardCheck, ClipboardX } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
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

/**
 * Said once after a restart, whatever the popup shows: a token may still be on the clipboard, and we cannot see whether
 * it is.
 */
export function ClipboardNotice({ popup }: { popup: Popup }) {
  const notice = popup.notice.value;
  const [result, setResult] = useState<Result | null>(null);
  useEffect(() => {
    if (notice === null) return;
    announce(notice);
    void popup.noticeSeen();
  }, [notice, popup]);
  if (notice === null) return null;
  const clear = async () => {
    const became = await popup.clearClipboard();
    setResult(became);
    announce(RESULT_WORDS[became]);
  };
  const isCleared = result === 'cleared' || result === 'already';
  return (
    <aside class="window-note">
      <Note
        tone={isCleared ? 'tip' : 'warn'}
        icon={isCleared ? ClipboardCheck : ClipboardX}
        title={isCleared ? RESULT_WORDS[result] : notice}
      >
        {result !== null && !isCleared && <div>{RESULT_WORDS[result]}</div>}
        <div class="note-acts">
          {!isCleared && result !== 'not-ours' && (
            <TextButton onClick={() => void clear()}>{WORDS.clearNow}</TextButton>
          )}
          <TextButton onClick={() => popup.dismissNotice()}>{WORDS.dismiss}</TextButton>
        </div>
      </Note>
    </aside>
  );
}
