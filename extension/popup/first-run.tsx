import { Globe, LogIn, Plus, ShieldCheck } from 'lucide-preact';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { currentWebAddress } from '../ui/tab.ts';
import type { OpenOptions } from './open-options.ts';
import { FIRST_RUN, WORDS } from './words.ts';

const ICONS = [Globe, ShieldCheck, LogIn] as const;

/** No instance yet: three steps, and a way to the tab where the browser asks for access. */
export function FirstRun({ openOptions }: { openOptions: OpenOptions }) {
  const add = async () => {
    const url = await currentWebAddress().catch(() => null);
    await openOptions(url === null ? { add: '' } : { url });
  };
  return (
    <main class="first-run">
      <h1>{FIRST_RUN.title}</h1>
      <p>{FIRST_RUN.text}</p>
      <ol>
        {FIRST_RUN.steps.map(([title, text], index) => (
          <li key={title}>
            <Icon of={ICONS[index] ?? Globe} />
            <div>
              <strong>{title}</strong>
              <span>{text}</span>
            </div>
          </li>
        ))}
      </ol>
      <div class="acts">
        <Button look="primary" icon={Plus} onClick={() => void add()}>
          {WORDS.addInstance}
        </Button>
      </div>
      <p class="meta">{FIRST_RUN.foot}</p>
    </main>
  );
}
