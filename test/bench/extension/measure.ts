import { measureList } from './list.ts';
import { measurePage } from './page.ts';
import { measurePopup } from './popup.ts';
import { measureSizes } from './sizes.ts';
import { type Stage, setStage } from './stage.ts';
import { measureTask } from './task.ts';

export type Sizes = {
  popup: { rounds: number };
  task: { rounds: number };
  page: { rounds: number; tokens: number; screens: number };
  list: { rounds: number; tokens: number };
};

/** In this order: the later ones fill the server with tokens. */
const MEASURES = {
  popup: ['Popup', (stage: Stage, sizes: Sizes) => measurePopup(stage, sizes.popup)],
  task: [
    'A token by hand and by the extension',
    (stage: Stage, sizes: Sizes) => measureTask(stage, sizes.task),
  ],
  page: ["Unleash's own page", (stage: Stage, sizes: Sizes) => measurePage(stage, sizes.page)],
  list: ['A long list', (stage: Stage, sizes: Sizes) => measureList(stage, sizes.list)],
} as const;

/** Measures the sections that are named, and tells what goes on. */
export async function measure(
  wanted: readonly string[],
  sizes: Sizes,
  tell: (line: string) => void,
): Promise<Record<string, unknown>> {
  const sections: Record<string, unknown> = {};
  const step = async (title: string, run: () => Promise<unknown>) => {
    const begun = performance.now();
    tell(`${title} …`);
    const found = await run();
    tell(`${title}: ${Math.round((performance.now() - begun) / 1000)} s`);
    return found;
  };
  if (wanted.includes('sizes')) sections['sizes'] = await step('Sizes', measureSizes);
  const rest = Object.entries(MEASURES).filter(([name]) => wanted.includes(name));
  if (rest.length === 0) return sections;
  const stage = await setStage(tell);
  try {
    for (const [name, [title, run]] of rest)
      sections[name] = await step(title, () => run(stage, sizes));
  } finally {
    await stage.end();
  }
  return sections;
}
