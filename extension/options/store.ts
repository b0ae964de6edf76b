import { signal } from '@preact/signals';
import type { CopyFormatId } from '../../shared/token/copy-as/formats.ts';
import type {
  Failure,
  LastFormats,
  ProxyView,
  Settings,
  SettingsInForce,
  TokenKind,
} from '../platform/messages.ts';
import type { Send } from '../platform/send.ts';
import type { Shortcut, ShortcutsApi } from '../platform/shortcuts.ts';
import type { ToolbarApi } from '../platform/toolbar.ts';
import { hostOf, permissionFor } from './address.ts';
import { createInstancesStore } from './instances-store.ts';
import type { PermissionsApi } from './permissions.ts';
import { createRecipesStore } from './recipes-store.ts';
import { createTransfer } from './transfer-store.ts';
import { createUndo } from './undo.ts';
import { createWelcome } from './welcome-store.ts';

/** Shows what stands in the answer's way; true where nothing does. */
export type See = (answer: { ok: true } | Failure) => boolean;

export type OptionsParts = {
  send: Send;
  permissions: PermissionsApi;
  shortcuts: ShortcutsApi;
  toolbar: ToolbarApi;
  now(): number;
};
export type Options = ReturnType<typeof createOptions>;

/** Everything that the options page knows and does. */
export function createOptions({ send, permissions, shortcuts, toolbar, now }: OptionsParts) {
  const undo = createUndo(now);
  /** What was not kept, until something is. */
  const problem = signal<Failure | null>(null);
  const see: See = (answer) => {
    problem.value = 'ok' in answer && answer.ok === false ? answer : null;
    return problem.value === null;
  };
  const instances = createInstancesStore({ send, permissions, undo, see });
  const recipes = createRecipesStore({ send, undo, see });
  const transfer = createTransfer({ send, permissions, reload: load });
  const welcome = createWelcome({ send, instances, toolbar });
  const settings = signal<SettingsInForce | null>(null);
  const readsClipboard = signal(false);
  const proxy = signal<ProxyView | null>(null);
  const bound = signal<Shortcut[] | null>(null);
  /** The format of "Copy as…" that was chosen last, for each kind of token. */
  const formats = signal<LastFormats>({});
  const silent = signal(false);

  async function load(): Promise<void> {
    try {
      const [kept, last, reads] = await Promise.all([
        send('settings.read', {}),
        send('copyAs.last', {}),
        permissions.holdsClipboardRead(),
        instances.loadInstances(),
        recipes.load(),
        welcome.state.value === null ? welcome.load() : undefined,
      ]);
      settings.value = kept;
      formats.value = last;
      readsClipboard.value = reads;
      silent.value = false;
      await loadShortcuts();
      proxy.value = await send('proxy.view', {});
    } catch {
      silent.value = true;
    }
  }

  async function loadShortcuts(): Promise<void> {
    bound.value = await shortcuts.all();
  }

  async function change(part: Partial<Settings>): Promise<void> {
    if (settings.value) settings.value = { ...settings.value, ...part };
    const answer = await send('settings.write', part);
    see(answer);
    settings.value = answer.ok ? answer.settings : await send('settings.read', {});
  }

  /** Lets "Copy as…" open at this format for this kind of token; null: at the top of its list. */
  async function preferFormat(kind: TokenKind, format: CopyFormatId | null): Promise<void> {
    const answer = await send('copyAs.prefer', { kind, format });
    see(answer);
    formats.value = answer.ok ? answer.formats : await send('copyAs.last', {});
  }

  /** Asks the browser for it, so only inside a click. Gives whether it is as it was wanted. */
  async function readClipboard(wanted: boolean): Promise<boolean> {
    if (wanted) await permissions.askForClipboardRead().catch(() => false);
    else await permissions.giveBackClipboardRead();
    readsClipboard.value = await permissions.holdsClipboardRead();
    return readsClipboard.value === wanted;
  }

  /** Gives what went wrong, or null when the two are paired. */
  async function pair(code: string): Promise<Failure | null> {
    const answer = await send('proxy.pair', { code });
    if (!answer.ok) return answer;
    proxy.value = answer.view;
    return null;
  }

  async function unpair(): Promise<void> {
    await send('proxy.unpair', {});
    proxy.value = await send('proxy.view', {});
  }

  return {
    ...instances,
    undo,
    problem,
    recipes,
    transfer,
    welcome,
    hostTyped: () => hostOf(permissionFor(instances.address.value) ?? instances.address.value),
    settings,
    readsClipboard,
    proxy,
    bound,
    formats,
    silent,
    load,
    loadShortcuts,
    changeShortcuts: shortcuts.openSettings,
    change,
    preferFormat,
    readClipboard,
    pair,
    unpair,
  };
}
