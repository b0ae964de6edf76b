import { CircleAlert, KeyRound, Lock, SearchX, TriangleAlert } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import type { Failure, InstanceState } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import { Button, Link, TextButton } from '../ui/button.tsx';
import { EmptyView } from '../ui/empty-view.tsx';
import { Note } from '../ui/note.tsx';
import { InstanceBarrier } from './instance-barrier.tsx';
import { JustCreated, WithJustCreated } from './just-created.tsx';
import type { OpenOptions } from './open-options.ts';
import { Skeleton } from './skeleton.tsx';
import type { Popup } from './store.ts';
import { CopiedBar } from './tokens/copied-bar.tsx';
import { ExtendView } from './tokens/extend-view.tsx';
import { Filters } from './tokens/filters.tsx';
import { ReplaceView } from './tokens/replace-view.tsx';
import { EVERYTHING, isFiltered } from './tokens/rows.ts';
import { SeveralView } from './tokens/several-view.tsx';
import type { Tokens } from './tokens/store.ts';
import { TokenListView } from './tokens/token-list.tsx';
import { LIST, NONE } from './words/tokens.ts';

type Props = { popup: Popup; openOptions: OpenOptions };

/** The tokens of this instance, and what stands in the way of them. */
export function TokensTab({ popup, openOptions }: Props) {
  const { tokens } = popup;
  const state = popup.instanceState.value;
  const id = popup.current.value?.id;
  const ready = state?.state === 'ready';

  useEffect(() => {
    if (!ready) return;
    void tokens.refresh();
    // Another window may have changed what is here: a second popup, or Unleash itself.
    const again = () => void tokens.refresh();
    addEventListener('focus', again);
    return () => removeEventListener('focus', again);
  }, [tokens, id, ready]);

  const failure = tokens.failure.value;
  const lost = failure && barrierOf(failure);
  const barrier = lost ?? (state !== null && state.state !== 'ready' ? state : null);
  if (barrier || tokens.list.value === null) {
    return (
      <WithJustCreated popup={popup} loading={!barrier && !failure}>
        {barrier ? (
          <InstanceBarrier popup={popup} state={barrier} openOptions={openOptions} />
        ) : failure ? (
          <NotLoaded tokens={tokens} failure={failure} />
        ) : (
          <Skeleton />
        )}
      </WithJustCreated>
    );
  }
  const page = tokens.page.value;
  switch (page.is) {
    case 'extend':
      return <ExtendView tokens={tokens} row={page.row} />;
    case 'replace':
      return <ReplaceView tokens={tokens} row={page.row} />;
    case 'several':
      return <SeveralView tokens={tokens} which={page.which} />;
    case 'list':
      return <List popup={popup} tokens={tokens} />;
  }
}

/** The same way out as where the instance as a whole cannot be used. */
function barrierOf({ code, loginUrl }: Failure): Exclude<InstanceState, { state: 'ready' }> | null {
  if (code === 'auth.not-logged-in') return { state: 'not-logged-in', loginUrl: loginUrl ?? '' };
  return code === 'no-access' ? { state: 'no-access' } : null;
}

function NotLoaded({ tokens, failure }: { tokens: Tokens; failure: Failure }) {
  return (
    <EmptyView icon={TriangleAlert} title={failure.title} tone="neutral">
      <p>{failure.message}</p>
      <div class="acts">
        <Button look="primary" busy={tokens.loading.value} onClick={() => void tokens.refresh()}>
          {NONE.again}
        </Button>
      </div>
    </EmptyView>
  );
}

function List({ popup, tokens }: { popup: Popup; tokens: Tokens }) {
  const list = tokens.list.value;
  if (!list) return null;
  const view = tokens.view.value;
  const filtered = isFiltered(view);
  const found = tokens.lines.value.filter(({ is }) => is === 'row').length;

  useEffect(() => {
    // Not for every key: once the hand rests.
    if (!filtered) return;
    const timer = setTimeout(() => {
      // Whoever has gone on by then hears of what they do now.
      if (document.activeElement instanceof HTMLInputElement) announce(LIST.found(found));
    }, SPOKEN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [filtered, found]);

  const barred = list.api === 'none';
  if (list.tokens.length === 0) {
    return (
      <div class="tokens-view">
        <Notes tokens={tokens} />
        {barred ? (
          <Barred />
        ) : (
          <EmptyView icon={KeyRound} title={list.personal ? NONE.titleNothing : NONE.title}>
            <p>{NONE.text}</p>
            <div class="acts">
              <Button look="primary" onClick={() => popup.showTab('create')}>
                {NONE.create}
              </Button>
            </div>
          </EmptyView>
        )}
        <div class="kept-below">
          <JustCreated popup={popup} />
        </div>
      </div>
    );
  }
  return (
    <div class="tokens-view">
      {found > 0 && <h1 class="visually-hidden">{LIST.list}</h1>}
      <Filters tokens={tokens} />
      <Notes tokens={tokens} />
      {barred && (
        <Note tone="tip" icon={Lock} title={NONE.barred}>
          {NONE.barredText}
        </Note>
      )}
      {found === 0 ? (
        <EmptyView icon={SearchX} title={NONE.noMatch} tone="neutral">
          <p>{NONE.noMatchText}</p>
          <div class="acts">
            <Button look="primary" onClick={() => tokens.look({ ...EVERYTHING, sort: view.sort })}>
              {NONE.clear}
            </Button>
          </div>
        </EmptyView>
      ) : (
        <TokenListView tokens={tokens} />
      )}
      <div class="tokens-kept">
        <JustCreated popup={popup} />
      </div>
      <CopiedBar tokens={tokens} />
    </div>
  );
}

const SPOKEN_AFTER_MS = 600;

function Barred() {
  return (
    <EmptyView icon={Lock} title={NONE.barred} tone="neutral">
      <p>{NONE.barredText}</p>
    </EmptyView>
  );
}

/** What went wrong: with the last act, with the list, and with what the background was to revoke. */
function Notes({ tokens }: { tokens: Tokens }) {
  const problem = tokens.problem.value;
  const failure = tokens.failure.value;
  const troubles = tokens.troubles.value;
  if (!problem && !failure && troubles.length === 0) return null;
  return (
    <div class="token-notes">
      {failure && (
        <Note tone="warn" icon={TriangleAlert} title={failure.title}>
          {failure.message} {NONE.old}{' '}
          <TextButton onClick={() => void tokens.refresh()}>{NONE.again}</TextButton>
        </Note>
      )}
      {problem && (
        <Note tone="danger" icon={CircleAlert} title={problem.title}>
          {problem.message}{' '}
          <TextButton
            onClick={() => {
              tokens.problem.value = null;
            }}
          >
            {LIST.dismiss}
          </TextButton>
        </Note>
      )}
      {troubles.map((trouble) => (
        <Note
          key={trouble.id}
          tone="danger"
          icon={CircleAlert}
          title={`${trouble.name}: ${trouble.title}`}
        >
          {trouble.message}{' '}
          {trouble.loginUrl !== null && <Link href={trouble.loginUrl}>{LIST.openLogin}</Link>}{' '}
          <TextButton onClick={() => void tokens.dismissTrouble(trouble.id)}>
            {LIST.dismiss}
          </TextButton>
        </Note>
      ))}
    </div>
  );
}
