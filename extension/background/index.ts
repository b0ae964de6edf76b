import type { Runtime } from 'webextension-polyfill';
import pageScriptFile from '../page/index.iife.tsx?script';
import featuresFile from '../page/mechanism/features.iife.tsx?script';
import markRowsFile from '../page/mechanism/mark-rows.iife.tsx?script';
import noticeFile from '../page/mechanism/notice.iife.tsx?script';
import secretCardFile from '../page/mechanism/secret-card.iife.tsx?script';
import { alarms } from '../platform/alarms.ts';
import { showBadge } from '../platform/badge.ts';
import { browser } from '../platform/browser.ts';
import { clipboardAccess } from '../platform/clipboard.ts';
import { isEnvelope } from '../platform/envelope.ts';
import { heldStore } from '../platform/held-store.ts';
import { keepAwake, stayAwake } from '../platform/keep-awake.ts';
import { readManaged } from '../platform/managed.ts';
import { replaceMenu } from '../platform/menus.ts';
import type { MessageName, PagePart } from '../platform/messages.ts';
import { notify } from '../platform/notifications.ts';
import { openForm } from '../platform/open-form.ts';
import { openSetUp } from '../platform/open-set-up.ts';
import { giveBackHost, mayReach, mayReadClipboard } from '../platform/permissions.ts';
import { scripting } from '../platform/scripting.ts';
import { whoSent } from '../platform/sender.ts';
import {
  sessionStore as browserSession,
  closeStoresToPages,
  localStore,
} from '../platform/store.ts';
import { tabAtHandOf } from '../platform/tab-session.ts';
import type { BackgroundParts } from './background-parts.ts';
import { createBatches } from './batch.ts';
import { createClipboardKeeper, isClipboardAlarm } from './clipboard/clipboard-keeper.ts';
import { runCommand } from './commands/registry.ts';
import { createContextMenu, menuClicked } from './context-menu.ts';
import { openOnTab } from './drafts.ts';
import { createExpiryWatch, EXPIRY_ALARM, instanceOfNotice } from './expiry-watch.ts';
import { installed } from './first-run.ts';
import { createFirstView } from './first-view.ts';
import { createHandlers } from './handlers.ts';
import { createInstances } from './instances.ts';
import { CREATED_ALARM, createJustCreated, KEPT_MS } from './just-created.ts';
import { createLeavingHosts, LEAVING_ALARM } from './leaving-hosts.ts';
import { readPolicy } from './managed-policy.ts';
import { createRouter } from './message-router.ts';
import { createPageScript } from './page-script.ts';
import {
  fetchProxyStatus,
  handOverToProxy,
  pairWithProxy,
  unpairFromProxy,
  useProfileOfProxy,
} from './proxy-link.ts';
import { createRecipes } from './recipes.ts';
import { createRevocations, REVOCATIONS_ALARM } from './revocations.ts';
import { createSettings } from './settings.ts';
import { createShownPats } from './shown-pats.ts';
import { createTokenList, KEYS_ALARM } from './token-list.ts';
import { createUnleashLink } from './unleash-link.ts';

// The background may end at any time and begins anew with the next event: nothing here is remembered, all is read back.
// Every listener is registered before the first await, or the event that woke us would find nobody.

const now = Date.now;
const randomId = () => crypto.randomUUID();

/** As long as a new secret is kept: that is the most that is lost with it. */
const sessionStore = heldStore(browserSession, () => void stayAwake(KEPT_MS));

const policy = async () => readPolicy(await readManaged());

const settings = createSettings({ local: localStore, policy });

const PAGE_PARTS: Record<PagePart, string> = {
  features: featuresFile,
  'mark-rows': markRowsFile,
  notice: noticeFile,
  'secret-card': secretCardFile,
};

const instances = createInstances({
  local: localStore,
  managed: async () => (await policy()).instances,
  mayReach,
  changed: () => instancesChanged(),
});

const leavingHosts = createLeavingHosts({
  local: localStore,
  alarms,
  instances: async () => (await instances.list()).instances,
  giveBack: giveBackHost,
  now,
});

const pageScript = createPageScript({
  file: pageScriptFile,
  scripting,
  async reachable() {
    const { instances: all } = await instances.list();
    const reached = await Promise.all(all.map((instance) => instances.mayReach(instance)));
    return all.filter((_, index) => reached[index]);
  },
});

const contextMenu = createContextMenu({
  instances: async () => (await instances.list()).instances,
  replace: replaceMenu,
});

const clipboard = createClipboardKeeper({
  access: clipboardAccess(),
  session: sessionStore,
  local: localStore,
  alarms,
  mayRead: mayReadClipboard,
  delaySeconds: async () => (await settings.read()).clearAfterSeconds,
  now,
  randomId,
});

const created = createJustCreated({ session: sessionStore, alarms, now });

const fetchAny: typeof fetch = (url, init) => fetch(url, init);
const unleash = createUnleashLink({ fetch: fetchAny, session: sessionStore, now });

const tokenList = createTokenList({
  fetch: fetchAny,
  session: sessionStore,
  alarms,
  server: unleash.server,
  now,
  randomId,
});

const revocations = createRevocations({
  local: localStore,
  alarms,
  later(ms, work) {
    const timer = setTimeout(() => void keepAwake(work()), ms);
    return () => clearTimeout(timer);
  },
  instances,
  tokens: tokenList,
  now,
  randomId,
});

const recipes = createRecipes({ local: localStore, now, randomId });

const firstView = createFirstView({ session: sessionStore, instances, settings, recipes });

const browserName = 'offscreen' in chrome ? 'Chromium' : 'Firefox';

const parts: BackgroundParts = {
  local: localStore,
  session: sessionStore,
  settings,
  instances,
  leavingHosts,
  unleash,
  tokenList,
  revocations,
  clipboard,
  created,
  shownPats: createShownPats({ session: sessionStore, unleash, created, now }),
  recipes,
  batches: createBatches({ session: sessionStore, randomId }),
  proxy: {
    pair: (code) => pairWithProxy(code, browserName),
    unpair: unpairFromProxy,
    status: fetchProxyStatus,
    handOver: handOverToProxy,
    useProfile: useProfileOfProxy,
  },
  browserName,
  openForm,
  notify,
  loadIntoPage: (tabId, part) => scripting.runInTab(tabId, PAGE_PARTS[part]),
  awake: keepAwake,
  now,
  randomId,
};

const expiryWatch = createExpiryWatch({
  local: localStore,
  alarms,
  instances,
  tokens: tokenList,
  settings: settings.read,
  showBadge,
  notify,
  now,
});

/** After these the number on the badge may be another. */
const COUNTED: readonly MessageName[] = ['tokens.list', 'tokens.extend', 'settings.write'];

const route = createRouter({
  isInstanceOrigin: instances.hasOrigin,
  handlers: createHandlers(parts),
});

const us = {
  id: browser.runtime.id,
  origin: new URL(browser.runtime.getURL('')).href.replace(/\/$/, ''),
};

browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) => {
  if (!isEnvelope(message)) return undefined;
  const answer = route(message, whoSent(sender, us));
  if (COUNTED.includes(message.name)) void answer.then(expiryWatch.recount, () => undefined);
  return keepAwake(answer);
});

browser.alarms.onAlarm.addListener(({ name }) => {
  if (isClipboardAlarm(name)) void clipboard.alarmRang(name);
  if (name === CREATED_ALARM) void created.sweep();
  if (name === KEYS_ALARM) void tokenList.sweep();
  if (name === REVOCATIONS_ALARM) void keepAwake(revocations.alarmRang());
  if (name === LEAVING_ALARM) void removalsOver();
  if (name === EXPIRY_ALARM) void keepAwake(expiryWatch.check());
});

browser.commands.onCommand.addListener((id, tab) => {
  void runCommand(id, parts, tabAtHandOf(tab));
});
browser.contextMenus.onClicked.addListener(({ menuItemId, pageUrl = '' }) => {
  const openOptions = () => browser.runtime.openOptionsPage();
  void menuClicked({ id: String(menuItemId), pageUrl }, { ...parts, openOptions });
});

browser.notifications.onClicked.addListener((id) => void noticeClicked(id));

browser.permissions.onAdded.addListener(() => void permissionsChanged());
browser.permissions.onRemoved.addListener(() => void permissionsChanged());
browser.runtime.onInstalled.addListener(({ reason }) => {
  void instancesChanged();
  void installed(reason, {
    local: localStore,
    hasInstances: async () => (await instances.list()).instances.length > 0,
    open: openSetUp,
  });
});
browser.runtime.onStartup.addListener(() => {
  void instancesChanged();
  void removalsOver();
});
browser.storage.onChanged.addListener((changes, area) => {
  if (firstView.isMadeOf(area, Object.keys(changes))) void firstView.renew();
  // An administrator's policy, which may have brought or taken instances.
  if (area === 'managed') void instancesChanged();
});

async function instancesChanged(): Promise<void> {
  await firstView.renew();
  await pageScript.sync();
  await contextMenu.sync();
  await expiryWatch.recount();
  await expiryWatch.checkSoon();
}

/** What was removed stays so: nothing of it is kept for an undo any more. */
async function removalsOver(): Promise<void> {
  await leavingHosts.giveBack();
  await revocations.forgetSetAside();
}

async function noticeClicked(noticeId: string): Promise<void> {
  await browser.notifications.clear(noticeId);
  const instanceId = instanceOfNotice(noticeId);
  if (instanceId === null) return;
  await instances.use(instanceId);
  await openOnTab(sessionStore, instanceId, 'tokens');
  await openForm();
}

async function permissionsChanged(): Promise<void> {
  await firstView.renew();
  await pageScript.sync();
  await clipboard.permissionChanged();
}

void closeStoresToPages();
void clipboard.started();
void created.sweep();
void tokenList.sweep();
void keepAwake(revocations.started());
