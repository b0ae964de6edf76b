import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { CopyFormatId } from '../../../shared/token/copy-as/formats.ts';
import type {
  Answer,
  CopyState,
  CreatedToken,
  CreateForm,
  Failure,
  Grace,
  Instance,
  LastFormats,
  RevokeTrouble,
  Revoking,
  TokenList,
  TokenRow,
  TokensView,
} from '../../platform/messages.ts';
import { say } from '../../platform/say.ts';
import type { Send } from '../../platform/send.ts';
import { EVERYTHING, formLike, linesOf } from './rows.ts';

/** What the tab shows: the list, or one act that wants a word first. */
export type TokensPage =
  | { is: 'list' }
  | { is: 'extend'; row: TokenRow }
  | { is: 'replace'; row: TokenRow }
  | { is: 'several'; which: 'expired' | 'unused' };

export type TokensParts = {
  send: Send;
  now: () => number;
  current: ReadonlySignal<Instance | null>;
  /** How many days before its end a token is "expiring soon". */
  soonDays: ReadonlySignal<number>;
  /** A token that was just made, for "Just created". */
  adopt(token: CreatedToken, copy: CopyState | null): void;
  /** Fills the Create form and shows it. */
  fillForm(part: Partial<CreateForm>): void;
};

export type Tokens = ReturnType<typeof createTokens>;

/** The list of tokens and all that is done with it. What counts down, counts in the background. */
export function createTokens({ send, now, current, soonDays, adopt, fillForm }: TokensParts) {
  const list = signal<TokenList | null>(null);
  const view = signal<TokensView>(EVERYTHING);
  const failure = signal<Failure | null>(null);
  const problem = signal<Failure | null>(null);
  const loading = signal(false);
  const busy = signal(false);
  const revoking = signal<Revoking | null>(null);
  const troubles = signal<RevokeTrouble[]>([]);
  /** `format`: what the copy is in, where it is more than the token. */
  const copied = signal<{ name: string; copy: CopyState; format?: CopyFormatId } | null>(null);
  /** The formats of "Copy as…" that were chosen last. */
  const formats = signal<LastFormats>({});
  const page = signal<TokensPage>({ is: 'list' });
  /** The time by which the list is laid out; a list that shifts under the hand with each second would be worse. */
  const laidOutAt = signal(now());

  const lines = computed(() =>
    list.value === null ? [] : linesOf(list.value, view.value, laidOutAt.value, soonDays.value),
  );

  /** What was chosen since the popup opened is newer than what was kept. */
  let looked = false;

  /** Of two answers on the way, the one that was asked for last counts. */
  let asked = 0;

  const id = () => current.value?.id ?? '';

  function take(next: TokenList): void {
    laidOutAt.value = now();
    list.value = next;
    failure.value = null;
  }

  /** Of which instance the tab is drawn before the background is asked anything. */
  let ahead: string | null = null;
  /** Until the background has said what was kept: a list by other filters than those would jump. */
  let opened: Promise<void> = Promise.resolve();
  let nowOpened: () => void = () => undefined;

  /** To be drawn before `open`. What is done here until then stays. */
  function begin(instanceId: string): void {
    reset();
    ahead = instanceId;
    opened = new Promise((resolve) => {
      nowOpened = resolve;
    });
  }

  function reset(): void {
    asked += 1;
    looked = false;
    list.value = null;
    view.value = EVERYTHING;
    failure.value = null;
    problem.value = null;
    revoking.value = null;
    troubles.value = [];
    copied.value = null;
    page.value = { is: 'list' };
  }

  /** What the background knows without asking Unleash. */
  async function open(instanceId: string): Promise<void> {
    if (ahead !== instanceId) reset();
    ahead = null;
    void send('copyAs.last', {}).then(
      (last) => {
        formats.value = { ...last, ...formats.value };
      },
      () => undefined,
    );
    const answer = await send('tokens.open', { instanceId }).catch(() => null);
    nowOpened();
    if (answer === null || id() !== instanceId) return;
    if (answer.view && !looked) view.value = answer.view;
    revoking.value = answer.revoking;
    troubles.value = answer.troubles;
    // An answer of Unleash's own may have been faster.
    if (answer.list && list.value === null) take(answer.list);
  }

  async function refresh(): Promise<void> {
    const instanceId = id();
    if (instanceId === '') return;
    asked += 1;
    const mine = asked;
    loading.value = true;
    try {
      const asking = send('tokens.list', { instanceId });
      // Nobody waits for it yet.
      asking.catch(() => undefined);
      await opened;
      const answer = await asking;
      if (mine !== asked) return;
      if (answer.ok) take(answer.list);
      else failure.value = answer;
    } catch {
      if (mine === asked) failure.value = SILENT;
    } finally {
      if (mine === asked) loading.value = false;
    }
  }

  function look(part: Partial<TokensView>): void {
    looked = true;
    view.value = { ...view.value, ...part };
    // A view that could not be kept is worth no words.
    send('tokens.writeView', { instanceId: id(), view: view.value }).catch(() => undefined);
  }

  /** Runs one act at a time; what goes wrong stands above the list. */
  async function act<T>(work: () => Promise<T | Failure>): Promise<T | null> {
    if (busy.value) return null;
    busy.value = true;
    problem.value = null;
    try {
      const answer = await work();
      if (isFailure(answer)) {
        problem.value = answer;
        // The server is known to be otherwise than the list has it.
        if (answer.code === 'tokens.gone') void refresh();
        if (answer.code === 'auth.not-logged-in' || answer.code === 'no-access')
          failure.value = answer;
        return null;
      }
      return answer;
    } catch {
      problem.value = SILENT;
      return null;
    } finally {
      busy.value = false;
    }
  }

  async function copy(row: TokenRow): Promise<CopyState | null> {
    const answer = await act(() => send('tokens.copy', { instanceId: id(), id: row.id }));
    if (!answer?.ok) return null;
    copied.value = { name: row.name, copy: answer.copy };
    return answer.copy;
  }

  async function copyAs(row: TokenRow, format: CopyFormatId): Promise<CopyState | null> {
    const request = { instanceId: id(), id: row.id, format };
    const answer = await act(() => send('tokens.copyAs', request));
    if (!answer?.ok) return null;
    copied.value = { name: row.name, copy: answer.copy, format };
    formats.value = { ...formats.value, [row.kind]: format };
    return answer.copy;
  }

  async function extend(row: TokenRow, expiresAt: string | null): Promise<boolean> {
    const request = { instanceId: id(), id: row.id, expiresAt };
    const answer = await act(() => send('tokens.extend', request));
    if (!answer?.ok) return false;
    asked += 1;
    take(answer.list);
    page.value = { is: 'list' };
    return true;
  }

  async function replace(
    row: TokenRow,
    grace: Grace,
  ): Promise<Extract<Answer<'tokens.replace'>, { ok: true }> | null> {
    const request = { instanceId: id(), id: row.id, grace };
    const answer = await act(() => send('tokens.replace', request));
    if (!answer?.ok) return null;
    adopt(answer.created, answer.copy);
    if (answer.copy) copied.value = { name: answer.created.name, copy: answer.copy };
    revoking.value = answer.revoking;
    page.value = { is: 'list' };
    await refresh();
    return answer;
  }

  async function revoke(rows: readonly TokenRow[]): Promise<Revoking | null> {
    const ids = rows.map((row) => row.id);
    const answer = await act(() => send('tokens.revoke', { instanceId: id(), ids }));
    if (!answer?.ok) return null;
    revoking.value = answer.revoking;
    page.value = { is: 'list' };
    return answer.revoking;
  }

  /** Names of what stays. */
  async function undo(): Promise<string[]> {
    try {
      const { undone } = await send('tokens.undo', { instanceId: id() });
      await readRevoking();
      // The end of a grace may be there again.
      if (undone.length > 0) void refresh();
      return undone;
    } catch {
      problem.value = SILENT;
      return [];
    }
  }

  async function keep(row: TokenRow): Promise<void> {
    await act(() => send('tokens.keep', { instanceId: id(), id: row.id }));
    await refresh();
  }

  async function readRevoking(): Promise<void> {
    const instanceId = id();
    const answer = await send('tokens.revoking', { instanceId });
    if (id() !== instanceId) return;
    revoking.value = answer.revoking;
    troubles.value = answer.troubles;
  }

  /**
   * Asks what became of what was due. Null while it is under way, else the names of those that are gone: only the list
   * tells, for another popup may have undone it.
   */
  async function settle(): Promise<string[] | null> {
    const before = revoking.value;
    await readRevoking();
    if (before === null || revoking.value !== null) return null;
    await refresh();
    const there = new Set(list.value?.tokens.map((row) => row.id) ?? []);
    return before.names.filter((_, index) => !there.has(before.ids[index] ?? ''));
  }

  function imitate(row: TokenRow): void {
    fillForm(formLike(row, list.value?.tokens ?? [], now()));
  }

  async function dismissTrouble(troubleId: string): Promise<void> {
    troubles.value = troubles.value.filter((trouble) => trouble.id !== troubleId);
    await send('tokens.dismissTrouble', { id: troubleId }).catch(() => undefined);
  }

  return {
    list,
    view,
    lines,
    failure,
    problem,
    loading,
    busy,
    revoking,
    troubles,
    copied,
    soonDays,
    formats,
    page,
    now,
    begin,
    open,
    refresh,
    look,
    copy,
    copyAs,
    extend,
    replace,
    revoke,
    undo,
    keep,
    settle,
    imitate,
    dismissTrouble,
  };
}

function isFailure(answer: unknown): answer is Failure {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false;
}

const SILENT: Failure = {
  ok: false,
  code: 'background.silent',
  title: say('silent_title'),
  message: say('silent_text'),
};
