import { Check, CircleAlert, Copy, HardDrive, Info } from 'lucide-preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { CreatedToken } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { CountdownRing } from '../ui/countdown-ring.tsx';
import { useClock } from '../ui/delay.ts';
import { formatLabel } from '../ui/format-names.ts';
import { Icon } from '../ui/icon.tsx';
import { KIND_NAMES } from '../ui/kind-names.ts';
import { Note } from '../ui/note.tsx';
import { SecretField } from '../ui/secret-field.tsx';
import { CopyAsMenu } from './copy-as-menu.tsx';
import { secondsLeft, useCopyEnd } from './copy-end.ts';
import { useCopyProblem } from './copy-problem.ts';
import { ALL_PROJECTS } from './create-form.ts';
import { isFarAway, minutesLeft, shortTime } from './expiry.ts';
import { SendToProxy } from './send-to-proxy.tsx';
import type { Outcome, Popup } from './store.ts';
import { COPY_AS } from './words/copy-as.ts';
import { STORE_FULL } from './words/store-full.ts';
import { blindWords, copiedStatus, copiedTitle, EXPIRES_NAMES, WORDS } from './words.ts';

type Props = { popup: Popup; outcome: Outcome };

/** After creating: what is on the clipboard and for how long, the secret masked, and what else can be done with it. */
export function CreatedView({ popup, outcome }: Props) {
  const { token } = outcome;
  const done = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => done.current?.focus(), []);
  const sent = token.sentTo !== null;
  const { problem, whenCopied } = useCopyProblem();
  return (
    <form
      class="create"
      onSubmit={(event) => {
        event.preventDefault();
        announce('');
        popup.done();
      }}
    >
      <div class="scroll">
        <Status popup={popup} outcome={outcome} />
        {!sent && (
          <SecretField
            label={WORDS.secret}
            masked={token.masked}
            hidden={WORDS.hidden}
            reveal={WORDS.reveal}
            hint={WORDS.holdReveal}
            read={() => popup.readSecret(token.id)}
          />
        )}
        {!sent && (
          <div class="pair">
            <Button wide icon={Copy} onClick={() => void whenCopied(popup.copyAgain(token.id))}>
              {WORDS.copyAgain}
            </Button>
            <CopyAsMenu
              kind={token.kind}
              lastFormats={popup.lastFormats}
              onChoose={(format) => void whenCopied(popup.copyAs(token.id, format))}
            />
          </div>
        )}
        {problem !== null && <div class="hint wrong">{problem}</div>}
        {!sent && outcome.notKept && (
          <Note tone="warn" icon={HardDrive} title={STORE_FULL.title}>
            {STORE_FULL.text(token.shownOnce)}
          </Note>
        )}
        {!sent && token.kind === 'personal' && <SendToProxy popup={popup} token={token} />}
        <Facts token={token} now={popup.now()} />
        <div class="push">
          {!sent && (
            <div class="info">
              <Icon of={Info} />
              <span>{token.kind === 'personal' ? WORDS.sendMoves : WORDS.takesAMinute}</span>
            </div>
          )}
        </div>
      </div>
      <footer class="foot">
        <span class="hint">{outcome.notKept ? '' : footWords(token, popup.now())}</span>
        <Button look="primary" type="submit" enter buttonRef={done}>
          {WORDS.done}
        </Button>
      </footer>
    </form>
  );
}

function footWords(token: CreatedToken, now: number): string {
  if (token.sentTo !== null) return '';
  return token.shownOnce ? WORDS.keptInMemory(minutesLeft(token.keptUntil, now)) : WORDS.copyLater;
}

/** A copy older than this was announced already. */
const STATUS_FRESH_MS = 5_000;

function Status({ popup, outcome }: Props) {
  const { token, copy, copyError, format } = outcome;
  const clearsAt = copy?.clearsAt ?? null;
  const ended = useCopyEnd(popup, token.sentTo === null ? copy : null);

  useEffect(() => {
    if (token.sentTo !== null) {
      announce(`${WORDS.sent(token.sentTo)}.`);
    } else if (copy) {
      // Not again for someone who comes back from another tab.
      if (popup.now() - copy.copiedAt < STATUS_FRESH_MS) announce(copiedStatus(copy));
    } else announce(`${WORDS.notCopied}. ${copyError ?? ''}`);
  }, [copy, copyError, token.sentTo]);

  const time = useClock(clearsAt !== null && ended === null, popup.now);
  if (token.sentTo !== null) {
    return (
      <StatusLine
        ring={<Icon of={Check} />}
        share={1}
        title={WORDS.sent(token.sentTo)}
        text={WORDS.sentText}
      />
    );
  }
  const once = token.shownOnce ? WORDS.onlyOnce : null;
  if (!copy) {
    return (
      <div class="status failed">
        <Icon of={CircleAlert} />
        <div>
          <h1>{WORDS.notCopied}</h1>
          <p>{copyError ?? once}</p>
        </div>
      </div>
    );
  }
  if (ended !== null) {
    return <StatusLine ring={<Icon of={Check} />} share={0} title={ended} text={once ?? ''} />;
  }
  const left = secondsLeft(copy, time);
  return (
    <StatusLine
      ring={left === null ? <Icon of={Check} /> : left}
      share={left === null ? 1 : left / (copy.delaySeconds ?? 1)}
      title={copiedTitle(left)}
      text={[
        format === undefined ? null : COPY_AS.inForm(formatLabel(format)),
        once ?? (blindWords(copy) || format !== undefined ? null : WORDS.pasteNow),
        blindWords(copy),
      ]
        .filter(Boolean)
        .join(' ')}
    />
  );
}

type StatusLineProps = {
  ring: preact.ComponentChildren;
  share: number;
  title: string;
  text: string;
};

/** The title counts in silence: the live region said it once. */
function StatusLine({ ring, share, title, text }: StatusLineProps) {
  return (
    <div class="status">
      <CountdownRing share={share}>{ring}</CountdownRing>
      <div>
        <h1>{title}</h1>
        <p>{text}</p>
      </div>
    </div>
  );
}

function Facts({ token, now }: { token: CreatedToken; now: number }) {
  const expiry = token.expiresAt === null ? null : Date.parse(token.expiresAt);
  const facts: [string, string][] = [
    [token.kind === 'personal' ? WORDS.description : WORDS.name, token.name],
    [WORDS.type, KIND_NAMES[token.kind]],
  ];
  if (token.kind === 'personal' && token.owner !== null) facts.push([WORDS.owner, token.owner]);
  if (token.kind !== 'personal') {
    const all = token.projects.includes(ALL_PROJECTS);
    facts.push([WORDS.projects, all ? WORDS.allProjects : token.projects.join(', ')]);
    if (token.environment !== null) facts.push([WORDS.environment, token.environment]);
  }
  facts.push([
    WORDS.expires,
    expiry === null || isFarAway(expiry, now) ? EXPIRES_NAMES.never : shortTime(expiry),
  ]);
  return (
    <dl class="facts">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
