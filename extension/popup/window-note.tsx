import { Info } from 'lucide-preact';
import { Note } from '../ui/note.tsx';
import type { Popup } from './store.ts';
import { WINDOW_NOTE } from './words/window-note.ts';

/** Whose login it is that all here is done with, where the page behind the popup has another one. */
export function WindowNote({ popup }: { popup: Popup }) {
  const session = popup.tabSession.value;
  if (session === 'normal') return null;
  const { title, text } = WINDOW_NOTE[session];
  return (
    <div class="window-note">
      <Note tone="warn" icon={Info} title={title}>
        {text}
      </Note>
    </div>
  );
}
