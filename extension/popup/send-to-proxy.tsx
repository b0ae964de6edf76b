import { SendHorizontal, Unplug } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Answer, CreatedToken } from '../platform/messages.ts';
import { Button, IconButton, TextButton } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import type { Popup } from './store.ts';
import { WORDS } from './words.ts';

type Props = { popup: Popup; token: CreatedToken };
type Refusal = Exclude<Answer<'created.sendToProxy'>, { ok: true }>;
type HandOver = { busy: boolean; refusal: Refusal | null; submit(createProfile?: string): void };

/** One personal token's way to the proxy, and what was said when it could not be taken. */
export function useHandOver(
  { popup, token }: Props,
  onSent: (profile: string) => void = () => {},
): HandOver {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const submit = async (createProfile?: string) => {
    if (busy) return;
    setBusy(true);
    setRefusal(null);
    const answer = await popup.sendToProxy(token.id, createProfile);
    setBusy(false);
    if (answer.ok) onSent(answer.profile);
    else setRefusal(answer);
  };
  return { busy, refusal, submit: (createProfile) => void submit(createProfile) };
}

/** Hands a personal token over to the proxy; when that cannot be, it says what to do first. */
export function SendToProxy({ popup, token }: Props) {
  const handOver = useHandOver({ popup, token });
  return (
    <>
      <Button wide icon={SendHorizontal} busy={handOver.busy} onClick={() => handOver.submit()}>
        {WORDS.sendToProxy}
      </Button>
      <NotSent popup={popup} handOver={handOver} />
    </>
  );
}

/** The same in one line with other acts; its refusal stands elsewhere, in a `NotSent`. */
export function SendToProxyIcon({ handOver }: { handOver: HandOver }) {
  return (
    <IconButton label={WORDS.sendToProxy} icon={SendHorizontal} onClick={() => handOver.submit()} />
  );
}

export function NotSent({ popup, handOver }: { popup: Popup; handOver: HandOver }) {
  const { refusal, submit } = handOver;
  if (refusal === null) return null;
  const profile = 'suggestedProfile' in refusal ? refusal.suggestedProfile : null;
  const unpaired = profile === null && popup.proxy.value?.state === 'unpaired';
  return (
    <Note tone="danger" icon={Unplug} title={unpaired ? WORDS.unpairedTitle : refusal.title}>
      {unpaired ? WORDS.unpairedText : refusal.message}
      <div>
        {profile === null ? (
          <TextButton onClick={() => popup.showTab('proxy')}>{WORDS.openProxy}</TextButton>
        ) : (
          <TextButton onClick={() => submit(profile)}>{WORDS.makeProfile(profile)}</TextButton>
        )}
      </div>
    </Note>
  );
}
