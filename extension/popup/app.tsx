import { ServerOff } from 'lucide-preact';
import { useLayoutEffect } from 'preact/hooks';
import { Announcer } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyView } from '../ui/empty-view.tsx';
import { panelOf, Tabs } from '../ui/tabs.tsx';
import { ClipboardNotice } from './clipboard-notice.tsx';
import { CreateTab } from './create-tab.tsx';
import { FirstRun } from './first-run.tsx';
import { Head } from './head.tsx';
import type { OpenOptions } from './open-options.ts';
import { ProxyTab } from './proxy-tab.tsx';
import { Skeleton } from './skeleton.tsx';
import type { Popup, Tab } from './store.ts';
import { UndoBar } from './tokens/undo-bar.tsx';
import { TokensTab } from './tokens-tab.tsx';
import { WindowNote } from './window-note.tsx';
import { TAB_NAMES, WORDS } from './words.ts';

const TABS = (['create', 'tokens', 'proxy'] as const).map((id) => ({ id, label: TAB_NAMES[id] }));

/** The whole popup. */
export function App({ popup, openOptions }: { popup: Popup; openOptions: OpenOptions }) {
  const theme = popup.settings.value?.theme ?? 'system';
  // Before the first frame, or that one would be in the wrong one.
  useLayoutEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);

  return (
    <div class={popup.page.value === 'first-run' ? 'frame short' : 'frame'}>
      <Head popup={popup} openOptions={openOptions} />
      <ClipboardNotice popup={popup} />
      <Body popup={popup} openOptions={openOptions} />
      <Announcer />
    </div>
  );
}

function Body({ popup, openOptions }: { popup: Popup; openOptions: OpenOptions }) {
  const page = popup.page.value;
  if (page === 'first-run') return <FirstRun openOptions={openOptions} />;
  if (page === 'loading') {
    return (
      <main class="panel">
        <Skeleton />
      </main>
    );
  }
  if (page === 'silent') {
    return (
      <main class="panel">
        <EmptyView icon={ServerOff} title={WORDS.backgroundTitle} tone="neutral">
          <p>{WORDS.backgroundText}</p>
          <div class="acts">
            <Button look="primary" onClick={() => void popup.load()}>
              {WORDS.tryAgain}
            </Button>
          </div>
        </EmptyView>
      </main>
    );
  }
  const tab = popup.tab.value;
  return (
    <main class="panel">
      <Tabs<Tab>
        label={WORDS.tabs}
        tabs={TABS.map((entry) =>
          entry.id === 'tokens'
            ? { ...entry, count: popup.tokens.list.value?.tokens.length ?? null }
            : entry,
        )}
        current={tab}
        onChange={(next) => popup.showTab(next)}
      />
      <WindowNote popup={popup} />
      <div class="panel-body" key={tab} {...panelOf(tab)}>
        {tab === 'create' && <CreateTab popup={popup} openOptions={openOptions} />}
        {tab === 'tokens' && <TokensTab popup={popup} openOptions={openOptions} />}
        {tab === 'proxy' && <ProxyTab popup={popup} />}
      </div>
      <UndoBar tokens={popup.tokens} />
    </main>
  );
}
