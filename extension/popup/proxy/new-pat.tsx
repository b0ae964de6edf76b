import { Check, CircleAlert, CircleHelp, KeyRound, Plus, Unplug } from 'lucide-preact';
import { useId, useState } from 'preact/hooks';
import type { Answer, Instance, ProxyView } from '../../platform/messages.ts';
import { announce } from '../../ui/announce.tsx';
import { Button, Link, TextButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Note } from '../../ui/note.tsx';
import { isFarAway, wholeTime } from '../expiry.ts';
import type { Popup } from '../store.ts';
import { NEW_PAT } from '../words/proxy.ts';
import { dayWords } from '../words/tokens.ts';
import { WORDS } from '../words.ts';

type Connected = Extract<ProxyView, { state: 'connected' }>;
type Profile = Connected['profiles'][number];
type Props = { popup: Popup; view: Connected; profile: Profile | undefined };

/** The token that the current profile has, and one click for a new one. */
export function NewPat({ popup, view, profile }: Props) {
  const instance = popup.current.value;
  const hint = useId();
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer<'proxy.newPat'> | null>(null);
  const press = async (createProfile?: string) => {
    if (busy) return;
    setBusy(true);
    setAnswer(null);
    const said = await popup.newPat(createProfile);
    setBusy(false);
    setAnswer(said);
    if (said.ok) announce(`${WORDS.sent(said.profile)}.`);
    else if (said.code === 'no-profile') announce(said.title);
  };
  return (
    <div class="pat">
      <div class="pat-card">
        <Icon of={KeyRound} />
        <div class="pat-text">
          <div>{titleOf(profile)}</div>
          {profile?.expiresAt && (
            <div class="meta" title={wholeTime(Date.parse(profile.expiresAt))}>
              {endOf(Date.parse(profile.expiresAt), popup.now())}
            </div>
          )}
        </div>
        {instance && (
          <Button icon={Plus} busy={busy} describedBy={hint} onClick={() => void press()}>
            {NEW_PAT.act}
          </Button>
        )}
      </div>
      {instance && (
        <div class="hint" id={hint}>
          {whereTo(view, instance)}
        </div>
      )}
      {answer && <Outcome popup={popup} answer={answer} onMake={(name) => void press(name)} />}
    </div>
  );
}

function titleOf(profile: Profile | undefined): string {
  if (!profile || profile.state === 'waiting-for-secret') return NEW_PAT.none;
  return profile.owner ? NEW_PAT.of(profile.owner) : NEW_PAT.known;
}

function endOf(end: number, now: number): string {
  if (isFarAway(end, now)) return NEW_PAT.never;
  const day = dayWords(end, now);
  return end <= now ? NEW_PAT.expired(day) : NEW_PAT.until(day);
}

function whereTo({ profile, profiles }: Connected, { id, name }: Instance): string {
  const fitting = profiles.filter(({ url }) => url === id);
  const to =
    fitting.find((one) => one.name === profile) ??
    fitting.find(({ takesTokens }) => takesTokens) ??
    fitting[0];
  return to ? NEW_PAT.goesTo(name, to.name) : NEW_PAT.goesNowhere(name);
}

type OutcomeProps = {
  popup: Popup;
  answer: Answer<'proxy.newPat'>;
  onMake: (profile: string) => void;
};

function Outcome({ popup, answer, onMake }: OutcomeProps) {
  if (answer.ok) {
    return (
      <Note tone="tip" icon={Check} title={WORDS.sent(answer.profile)}>
        {answer.replaced && (
          <>
            {NEW_PAT.replaced}{' '}
            <TextButton onClick={() => popup.showTab('tokens')}>{NEW_PAT.seePersonal}</TextButton>
          </>
        )}
      </Note>
    );
  }
  if ('suggestedProfile' in answer) {
    const name = answer.suggestedProfile;
    return (
      <Note tone="tip" icon={CircleHelp} title={answer.title}>
        {answer.message}
        <div>
          <TextButton onClick={() => onMake(name)}>{NEW_PAT.makeProfile(name)}</TextButton>
        </div>
      </Note>
    );
  }
  if ('created' in answer) {
    return (
      <Note tone="danger" icon={Unplug} title={answer.title}>
        {answer.message} {NEW_PAT.kept}
      </Note>
    );
  }
  return (
    <Note tone="danger" icon={CircleAlert} title={answer.title}>
      {answer.message}{' '}
      {answer.loginUrl !== undefined && <Link href={answer.loginUrl}>{NEW_PAT.openLogin}</Link>}
      {answer.code === 'pat.limit' && (
        <TextButton onClick={() => popup.showTab('tokens')}>{NEW_PAT.seePersonal}</TextButton>
      )}
    </Note>
  );
}
