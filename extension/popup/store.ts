import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { CopyFormatId } from '../../shared/token/copy-as/formats.ts';
import { chooseInstance, NO_TAB } from '../platform/choose-instance.ts';
import type {
  Answer,
  CopyEnd,
  CopyState,
  CreatedToken,
  CreateForm,
  CreateRequest,
  Failure,
  Instance,
  InstanceState,
  LastFormats,
  ProxyView,
  Settings,
} from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { Send } from '../platform/send.ts';
import type { TabAtHand, TabSession } from '../platform/tab-session.ts';
import { formOfRecipe, type Lost, nameOf } from '../recipe/form-of-recipe.ts';
import { isPattern, type NameProblem } from '../recipe/name-pattern.ts';
import { environmentsOf, tokensOf } from '../recipe/tokens-of-form.ts';
import {
  type FormErrors,
  firstForm,
  fittingForm,
  formOfKind,
  nextName,
  type Ready,
} from './create-form.ts';
import type { FirstLook } from './first-look.ts';
import { createBatchRun } from './recipes/batch-run.ts';
import { createRecipeShelf } from './recipes/recipe-shelf.ts';
import { createTokens } from './tokens/store.ts';
import { NEW_PAT } from './words/proxy.ts';
import { SOON_DAYS } from './words/tokens.ts';

export type Tab = 'create' | 'tokens' | 'proxy';

/** `silent`: the background itself did not answer. */
export type Page = 'loading' | 'first-run' | 'instance' | 'silent';

/** `format`: what the copy is in, where it is more than the token. */
export type Outcome = {
  token: CreatedToken;
  copy: CopyState | null;
  copyError: string | null;
  format?: CopyFormatId;
  /** The browser had no room to keep it in. */
  notKept?: boolean;
};

export type Popup = ReturnType<typeof createPopup>;

/**
 * Everything that the popup knows and does. It may be closed at any moment, so nothing lives here alone: what is typed
 * goes to the background at once, and what was created is there already.
 */
export function createPopup({
  send,
  now = Date.now,
  tabAtHand = async () => NO_TAB,
}: {
  send: Send;
  now?: () => number;
  /** The tab over which the popup opens, as far as the browser tells of it. */
  tabAtHand?: () => Promise<TabAtHand>;
}) {
  const page: Signal<Page> = signal('loading');
  /** False while what is drawn waits beside the page until it holds. */
  const inSight = signal(true);
  /** False until the first frame is drawn: what costs it much, and is no part of the form, comes after it. */
  const isDrawn = signal(true);
  const instances = signal<Instance[]>([]);
  const current = signal<Instance | null>(null);
  const instanceState = signal<InstanceState | null>(null);
  const tab = signal<Tab>('create');
  const form = signal<CreateForm | null>(null);
  const errors = signal<FormErrors>({});
  const nameProblem = signal<NameProblem | null>(null);
  /** How many tokens the form would make, where that is too many. */
  const tooMany = signal<number | null>(null);
  /** What the recipe in the form names and this user cannot choose here. */
  const lost = signal<Lost | null>(null);
  const failure = signal<Failure | null>(null);
  const creating = signal(false);
  const outcome = signal<Outcome | null>(null);
  const created = signal<CreatedToken[]>([]);
  const clipboard = signal<CopyState | null>(null);
  const notice = signal<string | null>(null);
  const settings = signal<Settings | null>(null);
  const proxy = signal<ProxyView | null>(null);
  /** Whose cookies the page behind the popup has, where that matters. */
  const tabSession = signal<TabSession>('normal');

  const tokens = createTokens({
    send,
    now,
    current,
    soonDays: computed(() => settings.value?.expiryDays ?? SOON_DAYS),
    adopt(token, copy) {
      created.value = [token, ...created.value];
      clipboard.value = copy;
      countPersonalToken(token);
    },
    fillForm(part) {
      if (ready()) change(part);
      else toFill = part;
      outcome.value = null;
      showTab('create');
    },
  });

  /** What the form is to be filled with once there is one: the list of tokens may stand before the server answers. */
  let toFill: Partial<CreateForm> | null = null;

  /** Whether the tab on screen was chosen since the instance began to load. */
  let tabChosen = false;

  /** Whether the form on screen is the user's by now: it then outlives what is still being asked for. */
  let edited = false;

  /** Until what is on screen is no more than what the background said at another time. */
  let nowAnswered: () => void = () => undefined;
  let answered = new Promise<void>((resolve) => {
    nowAnswered = resolve;
  });

  /** How many personal tokens were made here. */
  let personalMade = 0;

  const ready = (): Ready | null =>
    instanceState.value?.state === 'ready' ? instanceState.value : null;
  const takenNames = () => created.value.map(({ name }) => name);
  const instanceId = () => current.value?.id ?? null;
  const recipes = createRecipeShelf({ send, instanceId, silent: silentFailure });
  const several = createBatchRun({ send, instanceId, silent: silentFailure, now });

  /** Names that a token of this kind must not have: of personal tokens by Unleash's word, of others by ours. */
  function takenFor(kind: CreateForm['kind'], state: Ready): string[] {
    const sameKind = created.value.filter(
      (token) => (token.kind === 'personal') === (kind === 'personal'),
    );
    const known = kind === 'personal' ? state.pats.descriptions : recipes.names.value;
    return [...known, ...sameKind.map(({ name }) => name)];
  }

  const keepDraft = latestOnly(async () => {
    if (!current.value || !form.value) return;
    await send('draft.write', {
      instanceId: current.value.id,
      form: form.value,
      tab: tab.value,
    });
  });

  function keepEdited(): void {
    edited = true;
    keepDraft();
  }

  /** Nothing of what was on screen holds for the instance that is there now. */
  function clearInstance(): void {
    instanceState.value = null;
    failure.value = null;
    outcome.value = null;
    tabChosen = false;
    edited = false;
    lost.value = null;
    toFill = null;
  }

  /** The form as it opens: as it was left, or by the recipe that was used last, or empty. */
  function openForm(state: Ready, draft: CreateForm | null): void {
    instanceState.value = state;
    form.value = draft ? fittingForm(draft, state, now()) : firstForm(state, now(), takenNames());
    const last = recipes.find(recipes.lastId.value ?? undefined);
    if (!draft && last && state.abilities.kinds.includes(last.kind)) fillIn(last.id);
    else if (!recipes.find(form.value.recipeId)) form.value = withoutRecipe(form.value);
  }

  /** Asks all there is to know of the instance on screen; what the first view shows of it stays until it is known. */
  async function learnInstance(): Promise<void> {
    const instance = current.value;
    if (!instance) return;
    const madeBefore = personalMade;
    const isOnScreen = () => current.value?.id === instance.id;
    void tokens.open(instance.id);
    const server = send('instance.load', { id: instance.id });
    // Nobody waits for it yet.
    server.catch(() => undefined);
    const ours = Promise.all([
      send('draft.read', { instanceId: instance.id }).then((read) => {
        // The server may take its time; the tab needs no server, and a hand may be faster than both.
        if (!tabChosen && isOnScreen()) tab.value = read.tab;
        return read;
      }),
      send('created.list', { instanceId: instance.id }),
      recipes.load(),
      several.load(),
    ]);
    const [draft, kept] = await ours;
    // Another instance was chosen meanwhile: this answer is about one that is not on screen.
    if (!isOnScreen()) return;
    created.value = kept.created;
    clipboard.value = kept.copy;
    const seen = ready();
    if (seen && !edited) openForm(seen, draft.form);
    nowAnswered();
    const state = await server;
    if (!isOnScreen()) return;
    if (state.state === 'ready') {
      if (!edited || !form.value) openForm(state, draft.form);
      else form.value = fittingForm(form.value, state, now());
    }
    instanceState.value = state;
    // A tab that was chosen meanwhile could not be kept without a form.
    if (tabChosen) keepDraft();
    if (toFill) change(toFill);
    toFill = null;
    // It may have been counted before that token was made, or after.
    if (personalMade !== madeBefore) void lookAgain();
  }

  async function loadInstance(): Promise<void> {
    clearInstance();
    await learnInstance();
  }

  const tabNow = () => tabAtHand().catch(() => NO_TAB);

  /** Shows what was known last until `load` knows it all; says whether there was still room for it. */
  function showFirstView({ view, instance, seen }: Omit<FirstLook, 'holds'>): boolean {
    if (page.value === 'silent' || instanceState.value !== null) return false;
    if (page.value !== 'loading' && current.value?.id !== instance.id) return false;
    settings.value = view.settings;
    instances.value = view.instances.instances;
    tabSession.value = 'normal';
    current.value = instance;
    tokens.begin(instance.id);
    recipes.show(view.recipes[instance.id] ?? { recipes: [], lastId: null });
    if (!tabChosen) tab.value = seen.draft.tab;
    openForm(seen.state, seen.draft.form);
    page.value = 'instance';
    return true;
  }

  /** Asks the background for everything; what the first view shows stays until it is known. */
  async function load(): Promise<void> {
    // Whoever waits for an earlier answer waits for this one.
    const before = nowAnswered;
    answered = new Promise((resolve) => {
      nowAnswered = () => {
        before();
        resolve();
      };
    });
    try {
      const [list, kept, clip, at] = await Promise.all([
        send('instances.list', {}),
        send('settings.read', {}),
        send('clipboard.state', {}),
        tabNow(),
      ]);
      settings.value = kept;
      // On screen until it is dismissed, though the background has no more to say by then.
      notice.value = clip.notice ?? notice.value;
      instances.value = list.instances;
      const { here, instance, session } = chooseInstance(list, at);
      tabSession.value = session;
      if (!ready() || instance?.id !== current.value?.id) clearInstance();
      current.value = instance;
      // What is on screen is what a shortcut, too, should mean from here on.
      if (here && here.id !== list.currentId) void useFromHere(here.id);
      page.value = current.value ? 'instance' : 'first-run';
      void loadProxy();
      await learnInstance();
    } catch {
      page.value = 'silent';
    } finally {
      nowAnswered();
    }
  }

  async function loadProxy(): Promise<void> {
    try {
      proxy.value = await send('proxy.view', {});
    } catch {
      // The Proxy tab shows that it is not known; the rest of the popup works without it.
      proxy.value = null;
    }
  }

  async function useFromHere(id: string): Promise<void> {
    await send('instances.use', { id }).catch(() => undefined);
  }

  async function useInstance(id: string): Promise<void> {
    const instance = instances.value.find((entry) => entry.id === id);
    if (!instance || id === current.value?.id) return;
    current.value = instance;
    // A choice that could not be kept counts until the popup closes.
    await useFromHere(id);
    await loadInstance();
  }

  function showTab(next: Tab): void {
    tab.value = next;
    tabChosen = true;
    keepDraft();
    if (next === 'proxy') void loadProxy();
  }

  /** Fills the form in by a recipe; says what of it is not there (any more). */
  function fillIn(recipeId: string): Lost | null {
    const state = ready();
    const recipe = recipes.find(recipeId);
    if (!state || !recipe) return null;
    const filled = formOfRecipe(recipe, state, now(), takenFor(recipe.kind, state));
    form.value = filled.form;
    forgetErrors();
    lost.value = filled.lost;
    if (recipe.kind !== 'personal') {
      void recipes.learnNames(recipe.namePattern).then(() => {
        // The number may be another one, now that all names are known.
        if (form.value?.recipeId === recipeId && !creating.value) renew(recipeId);
      });
    }
    return filled.lost;
  }

  function renew(recipeId: string): void {
    const state = ready();
    const recipe = recipes.find(recipeId);
    if (!state || !recipe || !form.value) return;
    const taken = takenFor(recipe.kind, state);
    form.value = { ...form.value, name: nameOf(recipe, form.value, state, now(), taken) };
  }

  function useRecipe(id: string): void {
    fillIn(id);
    keepEdited();
  }

  /** Creates from the recipe that was used last, by one keystroke; where something of it is missing, only fills in. */
  async function createFromLast(): Promise<void> {
    const state = ready();
    const last = recipes.find(recipes.lastId.value ?? undefined);
    if (creating.value || !state || !last || !state.abilities.kinds.includes(last.kind)) return;
    const missing = fillIn(last.id);
    keepEdited();
    if (missing && missing.projects.length + missing.environments.length > 0) return;
    await create();
  }

  function forgetErrors(): void {
    errors.value = {};
    nameProblem.value = null;
    tooMany.value = null;
    lost.value = null;
    failure.value = null;
  }

  function change(part: Partial<CreateForm>): void {
    const state = ready();
    if (!form.value || !state) return;
    // A form that was changed is no longer the recipe's.
    form.value = withoutRecipe(form.value);
    const kind = part.kind ?? form.value.kind;
    form.value =
      kind === form.value.kind
        ? { ...form.value, ...part }
        : formOfKind({ ...form.value, ...part }, kind, state);
    forgetErrors();
    keepEdited();
  }

  /** One token for each project and environment, or one for all of them. */
  function setOneEach(oneEach: boolean): void {
    const before = form.value;
    const state = ready();
    if (!before || !state) return;
    const [environment = ''] = environmentsOf(before);
    const { oneEach: _, environments: __, ...single } = { ...before, environment };
    change({});
    form.value = oneEach
      ? { ...withoutRecipe(single), oneEach: true, environments: environmentsOf(before) }
      : formOfKind(withoutRecipe(single), single.kind, state);
    keepEdited();
  }

  /** Creates and copies; a second call while one is under way does nothing. */
  async function create(): Promise<void> {
    const instance = current.value;
    if (creating.value || !form.value || !instance || !ready()) return;
    failure.value = null;
    creating.value = true;
    try {
      // What was made a moment ago may have the name that stands in a form which was shown before we knew.
      await answered;
      const state = ready();
      if (!state || !form.value || current.value?.id !== instance.id) return;
      const { recipeId, kind, name } = form.value;
      if (kind !== 'personal') await recipes.learnNames(name);
      const taken = isPattern(name) || form.value.oneEach ? takenFor(kind, state) : [];
      const wanted = tokensOf(form.value, { user: state.user, now: now(), taken });
      errors.value = wanted.ok ? {} : wanted.errors;
      nameProblem.value = wanted.ok ? null : wanted.name;
      tooMany.value = wanted.ok ? null : wanted.tooMany;
      if (!wanted.ok) return;
      const [token] = wanted.requests;
      if (!token) return;
      if (form.value.oneEach && wanted.requests.length > 1) {
        await createSeveral(wanted.requests, recipeId);
        return;
      }
      const answer = await send('token.create', {
        instanceId: instance.id,
        token,
        ...(recipeId === undefined ? {} : { recipeId }),
      });
      if (answer.ok) {
        created.value = [answer.created, ...created.value];
        clipboard.value = answer.copy;
        const { created: token_, copy, copyError, notKept = false } = answer;
        outcome.value = { token: token_, copy, copyError, notKept };
        countPersonalToken(answer.created);
        if (recipeId !== undefined) recipes.used(recipeId);
        nameNext();
      } else {
        failure.value = answer;
        if (mayHaveChanged(answer)) void lookAgain();
      }
    } catch {
      // It may have ended after Unleash was asked.
      const { message, ...silent } = silentFailure();
      failure.value = { ...silent, message: `${message} ${say('check_tokens')}` };
    } finally {
      creating.value = false;
    }
  }

  async function createSeveral(
    requests: readonly CreateRequest[],
    recipeId: string | undefined,
  ): Promise<void> {
    failure.value = await several.create(requests, recipeId);
    const outcome = several.outcome.value;
    if (!outcome) return;
    const made = outcome.batch.items.flatMap((item) => (item.is === 'made' ? [item.created] : []));
    created.value = [...made.toReversed(), ...created.value];
    if (outcome.copy) clipboard.value = outcome.copy;
    if (recipeId !== undefined && made.length > 0) recipes.used(recipeId);
    nameNext();
  }

  /** Makes those of the last press that were not made, once more. */
  async function createRest(): Promise<void> {
    const rest = several.rest();
    if (creating.value || rest.length === 0) return;
    creating.value = true;
    await createSeveral(rest, undefined);
    creating.value = false;
  }

  /** The form is ready for the next token: by its recipe's pattern, by its own, or by the usual one. */
  function nameNext(): void {
    const state = ready();
    if (!state || !form.value) return;
    if (form.value.recipeId !== undefined) renew(form.value.recipeId);
    else if (!isPattern(form.value.name)) {
      form.value = { ...form.value, name: nextName(state, now(), takenNames()) };
    }
    keepEdited();
  }

  /** Asks anew what there is and what this user may do; what was typed stays, and so does what went wrong. */
  async function lookAgain(): Promise<void> {
    const instance = current.value;
    if (!instance) return;
    const state = await send('instance.load', { id: instance.id }).catch(() => null);
    // A barrier would take the form away; the failure on screen says what is wrong.
    if (state?.state !== 'ready' || current.value?.id !== instance.id || !form.value) return;
    instanceState.value = state;
    form.value = fittingForm(form.value, state, now());
    keepDraft();
  }

  function countPersonalToken(token: CreatedToken): void {
    const state = ready();
    if (!state || token.kind !== 'personal') return;
    personalMade += 1;
    instanceState.value = {
      ...state,
      pats: {
        ...state.pats,
        used: state.pats.used + 1,
        descriptions: [...state.pats.descriptions, token.name],
      },
    };
  }

  /** The secret for one showing; null when it is kept no longer. */
  async function readSecret(id: string): Promise<string | null> {
    try {
      const answer = await send('created.secret', { id });
      return answer.ok ? answer.secret : null;
    } catch {
      return null;
    }
  }

  /** Copies a kept token once more. Null when it worked, else a sentence. */
  async function copyAgain(id: string): Promise<string | null> {
    try {
      return showCopied(id, await send('created.copy', { id }));
    } catch {
      return silentFailure().message;
    }
  }

  /** Copies a kept token in a format. Null when it worked, else a sentence. */
  async function copyAs(id: string, format: CopyFormatId): Promise<string | null> {
    try {
      return showCopied(id, await send('created.copyAs', { id, format }), format);
    } catch {
      return silentFailure().message;
    }
  }

  function showCopied(
    id: string,
    answer: Answer<'created.copy'>,
    format?: CopyFormatId,
  ): string | null {
    if (!answer.ok) return answer.message;
    clipboard.value = answer.copy;
    if (outcome.value?.token.id === id) {
      const { token, notKept = false } = outcome.value;
      outcome.value = {
        token,
        notKept,
        copy: answer.copy,
        copyError: null,
        ...(format === undefined ? {} : { format }),
      };
    }
    return null;
  }

  /** What was chosen last; nothing where it cannot be known. */
  async function lastFormats(): Promise<LastFormats> {
    return send('copyAs.last', {}).catch(() => ({}));
  }

  async function dismiss(id: string): Promise<void> {
    created.value = created.value.filter((token) => token.id !== id);
    await send('created.dismiss', { id });
  }

  async function sendToProxy(
    id: string,
    createProfile?: string,
  ): Promise<Answer<'created.sendToProxy'>> {
    try {
      const answer = await send(
        'created.sendToProxy',
        createProfile === undefined ? { id } : { id, createProfile },
      );
      if (answer.ok) {
        markSent(id, answer.profile);
        void loadProxy();
      }
      return answer;
    } catch {
      return silentFailure();
    }
  }

  function markSent(id: string, profile: string): void {
    created.value = created.value.filter((token) => token.id !== id);
    if (outcome.value?.token.id !== id) return;
    clipboard.value = null;
    outcome.value = {
      token: { ...outcome.value.token, sentTo: profile },
      copy: null,
      copyError: null,
    };
  }

  function done(): void {
    outcome.value = null;
  }

  /** Asks what the clipboard holds of ours by now: null when it was cleared. */
  async function readClipboard(): Promise<CopyState | null> {
    const answer = await send('clipboard.state', {});
    clipboard.value = answer.copy;
    return answer.copy;
  }

  /** Clears it at once. `silent`: no answer came. */
  async function clearClipboard(): Promise<Answer<'clipboard.clearNow'>['result'] | 'silent'> {
    try {
      const { result } = await send('clipboard.clearNow', {});
      if (result !== 'failed') clipboard.value = null;
      return result;
    } catch {
      return 'silent';
    }
  }

  /** What became of a copy. Null: no answer came. */
  async function copyEnd(id: string): Promise<CopyEnd | null> {
    return (await send('clipboard.end', { id }).catch(() => null))?.result ?? null;
  }

  /** The word about the clipboard stands on screen: the next popup need not say it again. */
  async function noticeSeen(): Promise<void> {
    await send('clipboard.noticeSeen', {}).catch(() => undefined);
  }

  function dismissNotice(): void {
    notice.value = null;
  }

  async function pair(code: string): Promise<Failure | null> {
    try {
      const answer = await send('proxy.pair', { code });
      if (!answer.ok) return answer;
      proxy.value = answer.view;
      return null;
    } catch {
      return silentFailure();
    }
  }

  /** A new PAT, straight into the proxy. `createProfile` names a profile that the user said to make for it. */
  async function newPat(createProfile?: string): Promise<Answer<'proxy.newPat'>> {
    const instanceId = current.value?.id ?? '';
    try {
      const answer = await send(
        'proxy.newPat',
        createProfile === undefined ? { instanceId } : { instanceId, createProfile },
      );
      if ('created' in answer) {
        created.value = [answer.created, ...created.value];
        countPersonalToken(answer.created);
      }
      if (answer.ok) await loadProxy();
      return answer;
    } catch {
      // It may have ended after Unleash was asked.
      const { message, ...silent } = silentFailure();
      return { ...silent, message: `${message} ${NEW_PAT.unsure}` };
    }
  }

  /** Makes another profile of the proxy the current one. Null when it is. */
  async function useProfile(name: string): Promise<Failure | null> {
    try {
      const answer = await send('proxy.useProfile', { name });
      if (!answer.ok) return answer;
      proxy.value = answer.view;
      return null;
    } catch {
      return silentFailure();
    }
  }

  /** Null when the two are no longer paired. */
  async function unpair(): Promise<Failure | null> {
    try {
      await send('proxy.unpair', {});
      proxy.value = { state: 'unpaired' };
      return null;
    } catch {
      return silentFailure();
    }
  }

  const readonly = <T>(value: Signal<T>): ReadonlySignal<T> => value;
  return {
    page: readonly(page),
    instances: readonly(instances),
    current: readonly(current),
    instanceState: readonly(instanceState),
    tab: readonly(tab),
    form: readonly(form),
    errors: readonly(errors),
    nameProblem: readonly(nameProblem),
    tooMany: readonly(tooMany),
    lost: readonly(lost),
    failure: readonly(failure),
    creating: readonly(creating),
    outcome: readonly(outcome),
    created: readonly(created),
    clipboard: readonly(clipboard),
    notice: readonly(notice),
    settings: readonly(settings),
    proxy: readonly(proxy),
    tabSession: readonly(tabSession),
    recipes,
    several,
    tokens,
    now,
    showFirstView,
    inSight,
    isDrawn,
    load,
    loadProxy,
    useInstance,
    showTab,
    change,
    setOneEach,
    useRecipe,
    createFromLast,
    create,
    createRest,
    readSecret,
    copyAgain,
    copyAs,
    lastFormats,
    dismiss,
    sendToProxy,
    done,
    readClipboard,
    clearClipboard,
    copyEnd,
    noticeSeen,
    dismissNotice,
    pair,
    newPat,
    useProfile,
    unpair,
  };
}

/** Whether the server refused something that it offered when the popup was opened. */
function mayHaveChanged({ code, field }: Failure): boolean {
  return code.startsWith('permission.') || field === 'projects' || field === 'environment';
}

function withoutRecipe(form: CreateForm): CreateForm {
  const { recipeId: _, ...rest } = form;
  return rest;
}

function silentFailure(): Failure {
  return {
    ok: false,
    code: 'background.silent',
    title: say('silent_title'),
    message: say('silent_text'),
  };
}

/** Runs `write` now; asked again meanwhile, it runs once more when it is through, and not once for each key typed. */
function latestOnly(write: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    do {
      again = false;
      // A draft that could not be kept is worth no words: the form itself stands on screen.
      await write().catch(() => undefined);
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}
