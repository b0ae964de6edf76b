import type { PagePart } from '../platform/messages.ts';
import type { Notice } from '../platform/notifications.ts';
import type { Store } from '../platform/store.ts';
import type { Batches } from './batch.ts';
import type { ClipboardKeeper } from './clipboard/clipboard-keeper.ts';
import type { Instances } from './instances.ts';
import type { JustCreated } from './just-created.ts';
import type { LeavingHosts } from './leaving-hosts.ts';
import type { ProxyExchange } from './proxy-exchange.ts';
import type { Recipes } from './recipes.ts';
import type { Revocations } from './revocations.ts';
import type { SettingsKeeper } from './settings.ts';
import type { ShownPats } from './shown-pats.ts';
import type { TokenLister } from './token-list.ts';
import type { UnleashLink } from './unleash-link.ts';

/** All that the handlers work with. */
export type BackgroundParts = {
  local: Store;
  session: Store;
  settings: SettingsKeeper;
  instances: Instances;
  leavingHosts: LeavingHosts;
  unleash: UnleashLink;
  clipboard: ClipboardKeeper;
  created: JustCreated;
  shownPats: ShownPats;
  recipes: Recipes;
  tokenList: TokenLister;
  revocations: Revocations;
  batches: Batches;
  proxy: ProxyExchange;
  /** As the user calls it: "Firefox". */
  browserName: string;
  /** Opens the popup, or its page in a tab where the browser will not. */
  openForm(): Promise<void>;
  /** A word of the system's, for what happens with no page of ours open. */
  notify(notice: Notice): Promise<void>;
  /** Runs a part of the page's script in this tab, top frame alone. */
  loadIntoPage(tabId: number, part: PagePart): Promise<void>;
  /** Keeps the background from going to sleep until this is done. */
  awake<T>(work: Promise<T>): Promise<T>;
  now(): number;
  randomId(): string;
};
