import {
  Check,
  CircleAlert,
  CircleDashed,
  Copy,
  Hourglass,
  LoaderCircle,
  RotateCcw,
} from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import type { BatchItem } from '../../platform/messages.ts';
import { announce } from '../../ui/announce.tsx';
import { Button, Link } from '../../ui/button.tsx';
import { useClock } from '../../ui/delay.ts';
import { Icon } from '../../ui/icon.tsx';
import { useCopyEnd } from '../copy-end.ts';
import { useCopyProblem } from '../copy-problem.ts';
import { ALL_PROJECTS } from '../create-form.ts';
import type { Popup } from '../store.ts';
import { BATCH } from '../words/recipes.ts';
import { blindWords, copiedStatus, copiedTitle, WORDS } from '../words.ts';
import type { BatchOutcome } from './batch-run.ts';

type Props = { popup: Popup; outcome: BatchOutcome };

const STATE_ICONS = {
  waiting: Hourglass,
  making: LoaderCircle,
  made: Check,
  failed: CircleAlert,
  skipped: CircleDashed,
} as const;

/** Several tokens by one press: how far it is, then what became of each, and all of them as one block. */
export function BatchView({ popup, outcome }: Props) {
  const { batch, copy, copyError } = outcome;
  const done = useRef<HTMLButtonElement>(null);
  const { problem, whenCopied } = useCopyProblem();
  const count = batch.items.length;
  const made = batch.items.filter(({ is }) => is === 'made').length;
  const rest = batch.items.filter(({ is }) => is === 'failed' || is === 'skipped').length;
  const time = useClock(copy?.clearsAt != null, popup.now);
  const left =
    copy?.clearsAt == null ? null : Math.max(0, Math.ceil((copy.clearsAt - time) / 1000));

  const ended = useCopyEnd(popup, copy);
  const title = batch.running
    ? BATCH.making(Math.min(made + rest + 1, count), count)
    : made === count
      ? BATCH.all(count)
      : BATCH.some(made, count);
  useEffect(() => {
    if (batch.running) return;
    const copied = copy ? copiedStatus(copy) : BATCH.nothing;
    announce(`${title}. ${copied}`);
    done.current?.focus();
  }, [batch.running, batch.id, copy?.copiedAt, title]);

  const copyBlock = (comments: boolean) => whenCopied(popup.several.copy(comments));
  return (
    <form
      class="create"
      onSubmit={(event) => {
        event.preventDefault();
        if (batch.running) return;
        announce('');
        void popup.several.dismiss();
      }}
    >
      <div class="scroll">
        <div class="batch-head">
          <h1>{title}</h1>
          {batch.running ? (
            <>
              <progress max={count} value={made + rest} aria-label={title} />
              <p class="hint">{BATCH.keepsGoing}</p>
            </>
          ) : (
            <p class="hint">
              {copy === null ? (copyError ?? BATCH.nothing) : (ended ?? copiedTitle(left))}{' '}
              {copy && ended === null ? blindWords(copy) : ''}
            </p>
          )}
        </div>
        <ul class="batch-list" aria-label={BATCH.list}>
          {batch.items.map((item) => (
            <Line key={`${item.request.projects.join()} ${item.request.environment}`} item={item} />
          ))}
        </ul>
        {!batch.running && made > 0 && (
          <div class="batch-acts">
            <Button icon={Copy} onClick={() => void copyBlock(true)}>
              {BATCH.copyAgain}
            </Button>
            <Button onClick={() => void copyBlock(false)}>{BATCH.copyBare}</Button>
          </div>
        )}
        {problem !== null && <div class="hint wrong">{problem}</div>}
        {!batch.running && rest > 0 && (
          <Button icon={RotateCcw} wide onClick={() => void popup.createRest()}>
            {BATCH.rest(rest)}
          </Button>
        )}
      </div>
      <footer class="foot">
        <span class="hint">{batch.running ? '' : BATCH.block}</span>
        {!batch.running && (
          <Button look="primary" type="submit" enter buttonRef={done}>
            {BATCH.done}
          </Button>
        )}
      </footer>
    </form>
  );
}

function Line({ item }: { item: BatchItem }) {
  const { request, is } = item;
  const where = request.projects.includes(ALL_PROJECTS)
    ? WORDS.allProjects
    : request.projects.join(', ');
  return (
    <li class={`batch-line ${is}`}>
      <Icon of={STATE_ICONS[is]} />
      <span class="recipe-words">
        <span title={item.is === 'made' ? item.created.name : request.name}>
          {item.is === 'made' ? item.created.name : request.name}
        </span>
        <span class="meta">
          {where} · {request.environment}
        </span>
        {item.is === 'failed' && (
          <span class="batch-why">
            {item.failure.title}. {item.failure.message}{' '}
            {item.failure.loginUrl !== undefined && (
              <Link href={item.failure.loginUrl}>{WORDS.openLogin}</Link>
            )}
          </span>
        )}
      </span>
      <span class="batch-state">{BATCH.states[is]}</span>
    </li>
  );
}
