import { Link2, ServerOff, ShieldAlert } from 'lucide-preact';
import type { ProxyView } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Command } from '../ui/command.tsx';
import { EmptyView } from '../ui/empty-view.tsx';
import { TextField } from '../ui/field.tsx';
import { usePairing } from '../ui/pairing.ts';
import { JustCreated } from './just-created.tsx';
import { NewPat } from './proxy/new-pat.tsx';
import { ProfileSwitch } from './proxy/profile-switch.tsx';
import { Skeleton } from './skeleton.tsx';
import type { Popup } from './store.ts';
import { accessName, PROXY, stateName, WORDS } from './words.ts';

type Connected = Extract<ProxyView, { state: 'connected' }>;

/** Pairing, and what the paired proxy holds. */
export function ProxyTab({ popup }: { popup: Popup }) {
  const view = popup.proxy.value;
  if (view === null) return <Skeleton />;
  if (view.state === 'unpaired') return <Pair popup={popup} />;
  if (view.state === 'connected') return <Running popup={popup} view={view} />;
  const refused = view.state === 'refused';
  return (
    <EmptyView
      icon={refused ? ShieldAlert : ServerOff}
      title={refused ? PROXY.refused : PROXY.unreachable}
      tone="neutral"
    >
      <p>
        {view.message} {refused && PROXY.refusedNext}
      </p>
      <Command text={refused ? 'tokenleash pair' : 'tokenleash start'} />
      <div class="acts">
        {refused ? (
          <UnpairButton popup={popup} look="primary" />
        ) : (
          <Button look="primary" onClick={() => void popup.loadProxy()}>
            {WORDS.tryAgain}
          </Button>
        )}
        {!refused && <UnpairButton popup={popup} look="outline" />}
      </div>
    </EmptyView>
  );
}

function Pair({ popup }: { popup: Popup }) {
  const { code, busy, problem, type, submit } = usePairing(popup.pair, `${PROXY.paired}.`);
  return (
    <form class="scroll pairing" onSubmit={submit}>
      <div class="group">
        <h1>{PROXY.title}</h1>
        <p>{PROXY.text}</p>
      </div>
      <ol class="steps">
        <li>
          <span>{PROXY.start}</span>
          <Command text="tokenleash start" />
        </li>
        <li>
          <span>{PROXY.pairCommand}</span>
          <Command text="tokenleash pair" />
        </li>
      </ol>
      <TextField
        label={PROXY.code}
        value={code}
        mono
        onInput={type}
        hint={PROXY.codeHint}
        error={problem}
      />
      <div class="acts">
        <Button look="primary" type="submit" icon={Link2} busy={busy}>
          {PROXY.pair}
        </Button>
      </div>
    </form>
  );
}

function UnpairButton({ popup, look }: { popup: Popup; look: 'primary' | 'outline' }) {
  return (
    <Button
      look={look}
      onClick={() => {
        void popup.unpair().then((wrong) => {
          announce(wrong === null ? PROXY.unpaired : `${wrong.title}. ${wrong.message}`);
        });
      }}
    >
      {PROXY.unpair}
    </Button>
  );
}

function Running({ popup, view }: { popup: Popup; view: Connected }) {
  const current = view.profiles.find(({ name }) => name === view.profile);
  return (
    <>
      <section class="scroll proxy" aria-label={PROXY.heading}>
        <h1 class="visually-hidden">{PROXY.heading}</h1>
        <div class="running">
          <span class="live" aria-hidden="true" />
          <strong>{PROXY.running}</strong>
          <code>{withoutScheme(view.url)}</code>
        </div>
        {view.profiles.length > (current ? 1 : 0) && <ProfileSwitch popup={popup} view={view} />}
        {current ? (
          <ProfileFacts profile={current} alone={view.profiles.length === 1} />
        ) : (
          view.profiles.length === 0 && (
            <div class="group">
              <h2>{PROXY.none}</h2>
              <p>{PROXY.noneText}</p>
              <Command
                text={`tokenleash profile add NAME --url ${popup.current.value?.id ?? 'URL'}`}
              />
            </div>
          )
        )}
        <NewPat popup={popup} view={view} profile={current} />
        <JustCreated popup={popup} />
      </section>
      <footer class="foot">
        <span class="hint">{PROXY.pairedWith}</span>
        <UnpairButton popup={popup} look="outline" />
      </footer>
    </>
  );
}

type Profile = Connected['profiles'][number];

/** `alone`: its name stands in no switch above. */
function ProfileFacts({ profile, alone }: { profile: Profile; alone: boolean }) {
  const facts: [string, string][] = [
    [PROXY.address, profile.url],
    [PROXY.access, capital(accessName(profile.access))],
    [PROXY.state, stateName(profile.state)],
  ];
  if (alone) facts.unshift([PROXY.profile, profile.name]);
  return (
    <dl class="facts">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
