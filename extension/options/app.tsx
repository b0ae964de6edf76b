import { HardDrive, ListChecks, Lock, ServerOff } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { Announcer, announce } from '../ui/announce.tsx';
import { TextButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Mark } from '../ui/mark.tsx';
import { Note } from '../ui/note.tsx';
import { UndoBar } from '../ui/undo-bar.tsx';
import { anyLocked } from './locked.ts';
import { ENTRIES } from './sections.ts';
import type { Options } from './store.ts';
import { UNDO_MS } from './undo.ts';
import { LOCKED } from './words/expiry.ts';
import { WELCOME } from './words/welcome.ts';
import { OPTIONS, SECTIONS, SILENT } from './words.ts';

type AppProps = { options: Options; version: string; onSetUp: () => void };

/** The whole options page: one page with a way to each part. */
export function App({ options, version, onSetUp }: AppProps) {
  useTheme(options);
  const firstRun = options.welcome.state.value;
  const unfinished = firstRun !== null && firstRun.step !== 'done';
  const at = useSectionAt(options.settings.value !== null);
  return (
    <div class="layout">
      <header class="sidebar">
        <div class="brand">
          <Mark />
          <h1>{OPTIONS.product}</h1>
        </div>
        <nav aria-label={OPTIONS.sections}>
          {ENTRIES.map(({ id, icon }) => (
            <a key={id} href={`#${id}`} aria-current={at === id ? 'true' : undefined}>
              <Icon of={icon} />
              {SECTIONS[id]}
            </a>
          ))}
        </nav>
        <span class="meta">{OPTIONS.version(version)}</span>
      </header>
      <main>
        {options.silent.value && <Note tone="danger" icon={ServerOff} title={SILENT} />}
        {options.problem.value && (
          <div class="problem">
            <Note tone="danger" icon={HardDrive} title={options.problem.value.title}>
              {options.problem.value.message}
            </Note>
          </div>
        )}
        {unfinished && (
          <Note tone="tip" icon={ListChecks} title={WELCOME.unfinished}>
            <TextButton onClick={onSetUp}>{WELCOME.goOn}</TextButton>
            {' · '}
            <TextButton onClick={() => void options.welcome.go('done')}>{WELCOME.skip}</TextButton>
          </Note>
        )}
        {options.settings.value && anyLocked(options.settings.value) && (
          <Note tone="tip" icon={Lock} title={LOCKED.title}>
            {LOCKED.text}
          </Note>
        )}
        {ENTRIES.map(({ id, view: View }) => (
          <View key={id} options={options} />
        ))}
      </main>
      <UndoOffer options={options} />
      <Announcer />
    </div>
  );
}

function UndoOffer({ options }: { options: Options }) {
  const offered = options.undo.offered.value;
  if (!offered) return null;
  return (
    <UndoBar
      key={offered.until}
      words={offered.words}
      until={offered.until}
      span={UNDO_MS}
      undo={OPTIONS.undo}
      onUndo={() => {
        void options.undo.take().then((back) => {
          if (back) announce(offered.said);
        });
      }}
    />
  );
}

export function useTheme(options: Options): void {
  const theme = options.settings.value?.theme ?? 'system';
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
}

/** The uppermost section that is in sight, for the list beside it. `loaded`: all sections are there. */
function useSectionAt(loaded: boolean): string {
  const [at, setAt] = useState<string>('instances');
  useEffect(() => {
    if (!loaded) return;
    const inSight = new Set<string>();
    const watcher = new IntersectionObserver((changes) => {
      for (const { target, isIntersecting } of changes) {
        if (isIntersecting) inSight.add(target.id);
        else inSight.delete(target.id);
      }
      const first = ENTRIES.find(({ id }) => inSight.has(id));
      if (first) setAt(first.id);
    });
    for (const section of document.querySelectorAll('main > section')) watcher.observe(section);
    return () => watcher.disconnect();
  }, [loaded]);
  return at;
}
