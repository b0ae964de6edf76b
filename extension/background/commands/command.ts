import type { TabAtHand } from '../../platform/tab-session.ts';
import type { BackgroundParts } from '../background-parts.ts';

/** What a keyboard shortcut does, with no page of ours open. `id` is its name in the manifest. */
export type Command = { id: string; run(parts: BackgroundParts, tab: TabAtHand): Promise<void> };
