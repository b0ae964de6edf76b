import { CalendarX, Lock, ShieldCheck, Unplug } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import type { CreateForm, Failure, TokenKind } from '../platform/messages.ts';
import { isPattern } from '../recipe/name-pattern.ts';
import { environmentsOf, tokenCount, tokensOf } from '../recipe/tokens-of-form.ts';
import { Button, Link, TextButton } from '../ui/button.tsx';
import { ChoicesField } from '../ui/choices-field.tsx';
import { useSlow } from '../ui/delay.ts';
import { TextField } from '../ui/field.tsx';
import { KIND_NAMES } from '../ui/kind-names.ts';
import { Note } from '../ui/note.tsx';
import { Segments } from '../ui/segments.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { SlotsBar } from '../ui/slots-bar.tsx';
import { Switch } from '../ui/switch.tsx';
import { ALL_PROJECTS, environmentsFor, hasScope, projectsFor, type Ready } from './create-form.ts';
import { expiryOf, wholeTime } from './expiry.ts';
import { JustCreated } from './just-created.tsx';
import { KIND_ICONS, KINDS } from './kinds.ts';
import { RecipeRow } from './recipes/recipe-row.tsx';
import type { Popup } from './store.ts';
import { nameProblemWords, RECIPES } from './words/recipes.ts';
import {
  BARRED,
  EXPIRES_NAMES,
  EXPIRES_SHOWN,
  FIELD_ERRORS,
  goesToClipboard,
  KIND_HINTS,
  WORDS,
} from './words.ts';

type Props = {
  popup: Popup;
  state: Ready;
  onWhy: () => void;
  onSaveRecipe: () => void;
  onEditRecipes: () => void;
};

const EXPIRES_OPTIONS = (['7', '30', '60', 'never', 'custom'] as const).map((value) => ({
  value,
  label: EXPIRES_NAMES[value],
}));

/** The form. Enter in any field creates and copies. */
export function CreateFormView({ popup, state, onWhy, onSaveRecipe, onEditRecipes }: Props) {
  const form = popup.form.value;
  const name = useRef<HTMLInputElement>(null);
  const failed = popup.failure.value?.field;
  const inSight = popup.inSight.value;
  useEffect(() => {
    // Whoever walks along the tabs by arrow keys must not be thrown out of them.
    if (inSight && document.activeElement === document.body) name.current?.focus();
  }, [inSight]);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      // By its place on the keyboard: with Alt, macOS types another letter there.
      if (event.code !== 'KeyL' || !event.altKey || event.ctrlKey || event.metaKey) return;
      if (popup.recipes.lastId.value === null || event.repeat) return;
      event.preventDefault();
      void popup.createFromLast();
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, [popup]);
  useEffect(() => {
    if (failed === 'name') name.current?.focus();
  }, [failed]);
  const slow = useSlow(popup.creating.value);
  if (!form) return null;

  const personal = form.kind === 'personal';
  const recipe = popup.recipes.find(form.recipeId);
  const kinds = KINDS.filter((kind) => state.abilities.kinds.includes(kind));
  const failure = popup.failure.value;
  // With an error or a kept token on screen, advice would only push them out of sight.
  const calm =
    failure === null &&
    form.expires !== 'custom' &&
    !popup.created.value.some(({ shownOnce }) => shownOnce);
  const slotsFull = personal && state.pats.used >= state.pats.limit;
  return (
    <form
      class="create"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void popup.create();
      }}
    >
      <h1 class="visually-hidden">{WORDS.createTitle}</h1>
      <div class="scroll">
        <RecipeRow popup={popup} state={state} onSave={onSaveRecipe} onEdit={onEditRecipes} />
        <div>
          <Segments
            label={WORDS.tokenType}
            segments={kinds.map((kind) => ({
              value: kind,
              label: KIND_NAMES[kind],
              icon: KIND_ICONS[kind],
            }))}
            value={form.kind}
            onChange={(kind) => popup.change({ kind })}
            describedBy="kind-hint"
          />
          <div class="hint" id="kind-hint">
            {KIND_HINTS[form.kind]}
          </div>
        </div>
        <TextField
          label={personal ? WORDS.description : WORDS.name}
          aside={recipe === null ? undefined : RECIPES.from(recipe.name)}
          value={form.name}
          inputRef={name}
          onInput={(value) => popup.change({ name: value })}
          hint={nameHint(popup, state, form)}
          error={nameError(popup, form)}
        />
        {hasScope(form.kind) && <ProjectsField popup={popup} state={state} form={form} />}
        <div class={hasScope(form.kind) ? 'pair' : 'single'}>
          {hasScope(form.kind) && <EnvironmentField popup={popup} state={state} form={form} />}
          <ExpiresField popup={popup} form={form} />
        </div>
        {hasScope(form.kind) && mayHaveOneEach(state, form) && (
          <OneEach popup={popup} form={form} />
        )}
        {form.expires === 'custom' && <CustomDate popup={popup} form={form} />}
        {personal && <PersonalSlots state={state} url={popup.current.value?.id ?? ''} />}
        {personal && kinds.length > 1 && calm && <ProxyTip popup={popup} />}
        {kinds.length === 1 && state.abilities.missing.length > 0 && (
          <Note tone="tip" icon={Lock} title={BARRED.title}>
            <TextButton onClick={onWhy}>{BARRED.what}</TextButton>
          </Note>
        )}
        <div class="push">
          <JustCreated popup={popup} />
        </div>
      </div>
      {failure && !hasField(form.kind, failure.field) && <FailureNote failure={failure} />}
      <footer class="foot">
        <span class="hint" id="create-hint">
          {slow
            ? WORDS.slow(popup.current.value?.name ?? '')
            : slotsFull
              ? WORDS.slotsFull
              : failure
                ? WORDS.nothingCopied
                : goesToClipboard(popup.settings.value?.clearAfterSeconds ?? null)}
        </span>
        <Button
          look="primary"
          type="submit"
          enter
          busy={popup.creating.value}
          describedBy="create-hint"
        >
          {WORDS.createAndCopy}
        </Button>
      </footer>
    </form>
  );
}

type FieldProps = { popup: Popup; form: CreateForm };

/** What a pattern gives, as long as one stands in the field. */
function nameHint(popup: Popup, state: Ready, form: CreateForm) {
  if (!isPattern(form.name)) return undefined;
  const taken = popup.recipes.names.value;
  const tokens = tokensOf(form, { user: state.user, now: popup.now(), taken });
  if (!tokens.ok) return undefined;
  const [first] = tokens.requests;
  if (!first) return undefined;
  return tokens.requests.length > 1
    ? RECIPES.givesSeveral(first.name, tokens.requests.length)
    : RECIPES.gives(first.name);
}

function nameError(popup: Popup, form: CreateForm) {
  const problem = popup.nameProblem.value;
  if (problem) return nameProblemWords(problem);
  if (popup.errors.value.name) {
    return form.kind === 'personal' ? FIELD_ERRORS.description : FIELD_ERRORS.name;
  }
  return serverError(popup, 'name', (suggestion) => popup.change({ name: suggestion }));
}

/** Titles stand without a full stop; beside a second sentence they need one. */
function sentence(title: string): string {
  return /[.?!]$/.test(title) ? title : `${title}.`;
}

/** Whether the form has that field, and with it a place for what is wrong there. The kind may have changed since. */
function hasField(kind: TokenKind, field: Failure['field']): boolean {
  if (field === undefined) return false;
  return hasScope(kind) || field === 'name' || field === 'expires';
}

/** What the server said about one field, with the way out where there is one. */
function serverError(
  popup: Popup,
  field: NonNullable<Failure['field']>,
  use?: (suggestion: string) => void,
) {
  const failure = popup.failure.value;
  if (failure?.field !== field) return undefined;
  const { suggestion } = failure;
  return (
    <>
      {sentence(failure.title)}{' '}
      {suggestion === undefined || use === undefined ? (
        failure.message
      ) : (
        <div>
          <TextButton danger onClick={() => use(suggestion)}>
            {WORDS.use(suggestion)}
          </TextButton>
        </div>
      )}
    </>
  );
}

function ProjectsField({ popup, state, form }: FieldProps & { state: Ready }) {
  const { all, projects, limit } = projectsFor(form.kind, state.abilities, state.projects);
  const lost = popup.lost.value?.projects ?? [];
  const tooMany = popup.tooMany.value;
  return (
    <ChoicesField
      label={WORDS.projects}
      options={[
        ...(all ? [{ value: ALL_PROJECTS, label: WORDS.allProjects }] : []),
        ...projects.map((project) => ({ value: project.id, label: project.name })),
      ]}
      chosen={form.projects}
      onChange={(chosen) => popup.change({ projects: chosen })}
      exclusive={ALL_PROJECTS}
      limit={form.oneEach ? Number.POSITIVE_INFINITY : limit}
      placeholder={form.projects.length === 0 ? WORDS.chooseProject : WORDS.addProject}
      nothing={WORDS.noProject}
      removeLabel={WORDS.remove}
      hint={
        form.projects.includes(ALL_PROJECTS)
          ? WORDS.allProjectsHint
          : all
            ? undefined
            : WORDS.projectOnly
      }
      error={
        lost.length > 0
          ? RECIPES.lostProjects(lost)
          : tooMany !== null
            ? RECIPES.tooMany(tooMany)
            : popup.errors.value.projects
              ? FIELD_ERRORS.projects
              : serverError(popup, 'projects')
      }
    />
  );
}

/** With one project and one environment there is nothing of which each could get a token. */
function mayHaveOneEach(state: Ready, form: CreateForm): boolean {
  if (form.oneEach) return true;
  const { projects } = projectsFor(form.kind, state.abilities, state.projects);
  return projects.length > 1 || environmentsFor(state.environments).length > 1;
}

function OneEach({ popup, form }: FieldProps) {
  const count = tokenCount(form);
  return (
    <Switch
      label={RECIPES.oneEach}
      hint={RECIPES.oneEachHint(form.oneEach ? count : 0)}
      checked={form.oneEach === true}
      onChange={(oneEach) => popup.setOneEach(oneEach)}
    />
  );
}

function EnvironmentField({ popup, state, form }: FieldProps & { state: Ready }) {
  const lost = popup.lost.value?.environments ?? [];
  const options = environmentsFor(state.environments).map((environment) => ({
    value: environment.name,
    label: environment.name,
    dot: environment.type === 'production' ? ('full' as const) : ('hollow' as const),
  }));
  const error =
    lost.length > 0
      ? RECIPES.lostEnvironments(lost)
      : popup.errors.value.environment
        ? FIELD_ERRORS.environment
        : serverError(popup, 'environment');
  if (form.oneEach) {
    const chosen = environmentsOf(form);
    return (
      <ChoicesField
        label={RECIPES.environments}
        options={options}
        chosen={chosen}
        onChange={(environments) => popup.change({ environments })}
        exclusive=""
        placeholder={chosen.length === 0 ? RECIPES.chooseEnvironment : RECIPES.addEnvironment}
        nothing={WORDS.noEnvironment}
        removeLabel={WORDS.remove}
        error={error}
      />
    );
  }
  return (
    <SelectField
      label={WORDS.environment}
      options={options}
      value={form.environment}
      onChange={(environment) => popup.change({ environment })}
      nothing={WORDS.noEnvironment}
      error={error}
    />
  );
}

function ExpiresField({ popup, form }: FieldProps) {
  const expiry = expiryOf(form, popup.now());
  return (
    <SelectField
      label={WORDS.expires}
      options={EXPIRES_OPTIONS}
      value={form.expires}
      textOf={(option) => EXPIRES_SHOWN[option.value as CreateForm['expires']]}
      onChange={(value) => popup.change({ expires: value as CreateForm['expires'] })}
      nothing={WORDS.noExpiry}
      hint={
        form.expires === 'custom'
          ? undefined
          : typeof expiry === 'number'
            ? timeWords(popup, expiry)
            : WORDS.never
      }
      error={form.expires === 'custom' ? undefined : serverError(popup, 'expires')}
    />
  );
}

/** The browser's first date takes it 12 ms; until the first frame is drawn its place is kept. */
function timeWords(popup: Popup, time: number): string {
  return popup.isDrawn.value ? wholeTime(time) : '\u00a0';
}

function CustomDate({ popup, form }: FieldProps) {
  const expiry = expiryOf(form, popup.now());
  const wrong = popup.errors.value.expires;
  return (
    <TextField
      label={WORDS.expiresOn}
      type="date"
      value={form.customDate}
      onInput={(customDate) => popup.change({ customDate })}
      hint={typeof expiry === 'number' ? timeWords(popup, expiry) : undefined}
      error={wrong ? FIELD_ERRORS.expires[wrong] : serverError(popup, 'expires')}
    />
  );
}

function PersonalSlots({ state, url }: { state: Ready; url: string }) {
  const { used, limit } = state.pats;
  return (
    <div>
      <SlotsBar used={used} limit={limit} />
      <div class="hint">
        {WORDS.slots(used, limit)}{' '}
        <Link href={`${url}/profile/personal-api-tokens`}>{WORDS.seePersonal}</Link>
      </div>
    </div>
  );
}

function ProxyTip({ popup }: { popup: Popup }) {
  const paired = popup.proxy.value?.state === 'connected';
  return (
    <Note tone="tip" icon={ShieldCheck} title={WORDS.scriptTitle}>
      <div>{WORDS.scriptText}</div>
      {paired ? (
        <div>{WORDS.proxyHolds}</div>
      ) : (
        <TextButton onClick={() => popup.showTab('proxy')}>{WORDS.scriptLink}</TextButton>
      )}
    </Note>
  );
}

function FailureNote({ failure }: { failure: Failure }) {
  const icon = failure.code.includes('expir') ? CalendarX : Unplug;
  return (
    <div class="failure">
      <Note tone="danger" icon={icon} title={failure.title}>
        {failure.message}
        {failure.loginUrl !== undefined && (
          <div>
            <Link href={failure.loginUrl}>{WORDS.openLogin}</Link>
          </div>
        )}
      </Note>
    </div>
  );
}
