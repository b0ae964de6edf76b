import { browser } from './browser.ts';

/** `--warn-text` of the light theme, dark enough for white figures: a badge takes no custom property. */
const COLOUR = '#824800';

/** What a badge has room for. */
const MOST = 99;

/** Shows a number on the toolbar's button and says in its tooltip what it counts; null takes both away. */
export async function showBadge(badge: { count: number; title: string } | null): Promise<void> {
  const { action } = browser;
  const name = browser.runtime.getManifest().action?.default_title ?? '';
  const { count = 0, title = '' } = badge ?? {};
  await action.setBadgeBackgroundColor({ color: COLOUR });
  await action.setBadgeText({ text: count === 0 ? '' : count > MOST ? `${MOST}+` : String(count) });
  await action.setTitle({ title: badge === null ? name : `${name} · ${title}` });
}
