import { CircleAlert } from 'lucide-preact';
import { useRef, useState } from 'preact/hooks';
import type { Failure, ProxyView } from '../../platform/messages.ts';
import { announce } from '../../ui/announce.tsx';
import { Note } from '../../ui/note.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import type { Popup } from '../store.ts';
import { PROFILE } from '../words/proxy.ts';

type Connected = Extract<ProxyView, { state: 'connected' }>;

/** Which of the proxy's profiles is the current one, for everything that uses the proxy. */
export function ProfileSwitch({ popup, view }: { popup: Popup; view: Connected }) {
  const busy = useRef(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const choose = async (name: string) => {
    if (busy.current) return;
    busy.current = true;
    const wrong = await popup.useProfile(name);
    busy.current = false;
    setFailure(wrong);
    if (!wrong) announce(PROFILE.nowCurrent(name));
  };
  return (
    <>
      <SelectField
        label={PROFILE.label}
        options={view.profiles.map(({ name }) => ({ value: name, label: name }))}
        value={view.profile ?? ''}
        onChange={(name) => void choose(name)}
        nothing={PROFILE.noMatch}
      />
      {failure && (
        <Note tone="danger" icon={CircleAlert} title={failure.title}>
          {failure.message}
        </Note>
      )}
    </>
  );
}
