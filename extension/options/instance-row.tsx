import { Ellipsis, Globe, ShieldAlert } from 'lucide-preact';
import { useRef, useState } from 'preact/hooks';
import type { Instance, InstanceState } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import { Link, TextButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { RenameForm } from './rename-form.tsx';
import type { Options } from './store.ts';
import { LOCKED } from './words/expiry.ts';
import { INSTANCES } from './words.ts';

type Props = { options: Options; instance: Instance };

/** One instance: what it is called, what it says of itself, what can be done about it. */
export function InstanceRow({ options, instance }: Props) {
  const [renaming, setRenaming] = useState(false);
  const more = useRef<HTMLSpanElement>(null);
  const state = options.states.value[instance.id];
  const several = (options.instances.value?.length ?? 0) > 1;
  const managed = isManaged(options, instance);
  const endRenaming = () => {
    setRenaming(false);
    // The menu's button is there again after the next paint.
    requestAnimationFrame(() => more.current?.querySelector('button')?.focus());
  };
  return (
    <li>
      <fieldset class="row" aria-label={instance.name}>
        <Icon of={Globe} />
        {renaming ? (
          <RenameForm
            label={INSTANCES.name}
            name={instance.name}
            hint={INSTANCES.nameHint(instance.id.replace(/^https?:\/\//, ''))}
            rename={async (name) => (await options.rename(instance, name))?.message ?? null}
            renamed={(name) => INSTANCES.renamed(name === '' ? instance.id : name)}
            onEnd={endRenaming}
          />
        ) : (
          <>
            <div class="row-name">
              <strong>{instance.name}</strong>
              <code>{instance.id}</code>
              {options.currentId.value === instance.id &&
                (options.instances.value?.length ?? 0) > 1 && (
                  <span class="tag">{INSTANCES.first}</span>
                )}
              {managed && <span class="meta">{LOCKED.one}</span>}
            </div>
            <span class="row-version">
              {state?.state === 'ready' ? INSTANCES.unleash(state.version) : ''}
            </span>
            <span class="row-state">{state ? <StateWords state={state} /> : INSTANCES.asking}</span>
            <span class="row-acts" ref={more}>
              <NextStep options={options} instance={instance} state={state} />
              {(!managed || several) && (
                <RowMenu options={options} instance={instance} onRename={() => setRenaming(true)} />
              )}
            </span>
          </>
        )}
      </fieldset>
    </li>
  );
}

/** Set by an administrator: it stays, under the name of its address. */
function isManaged(options: Options, { id }: Instance): boolean {
  return options.settings.value?.managed.instances.includes(id) ?? false;
}

function NextStep({ options, instance, state }: Props & { state: InstanceState | undefined }) {
  if (state?.state === 'not-logged-in') return <Link href={state.loginUrl}>{INSTANCES.logIn}</Link>;
  if (state?.state !== 'no-access') return null;
  const { name } = instance;
  const allow = async () => {
    const allowed = await options.allow(instance);
    announce(allowed ? INSTANCES.allowed(name) : INSTANCES.stillTaken(name));
  };
  return <TextButton onClick={() => void allow()}>{INSTANCES.allow}</TextButton>;
}

function RowMenu({ options, instance, onRename }: Props & { onRename: () => void }) {
  const { name } = instance;
  const managed = isManaged(options, instance);
  const several = (options.instances.value?.length ?? 0) > 1;
  return (
    <Menu label={INSTANCES.more} button={<Icon of={Ellipsis} />} align="end">
      {(close) => (
        <>
          {!managed && (
            <MenuItem
              onClick={() => {
                close();
                onRename();
              }}
            >
              {INSTANCES.rename}
            </MenuItem>
          )}
          {several && options.currentId.value !== instance.id && (
            <MenuItem
              onClick={() => {
                close();
                void options.use(instance).then((used) => {
                  if (used) announce(INSTANCES.openedFirst(name));
                });
              }}
            >
              {INSTANCES.openFirst}
            </MenuItem>
          )}
          {!managed && (
            <MenuItem
              onClick={() => {
                close();
                void options.remove(instance).then((removed) => {
                  if (!removed) return;
                  announce(INSTANCES.removed(name));
                  // Its row is gone, and the focus with it.
                  document.querySelector<HTMLElement>('#instances input')?.focus();
                });
              }}
            >
              {INSTANCES.remove}
            </MenuItem>
          )}
        </>
      )}
    </Menu>
  );
}

function StateWords({ state }: { state: InstanceState }) {
  if (state.state === 'ready') {
    return (
      <>
        <span class="live" aria-hidden="true" />
        {INSTANCES.loggedInAs(state.user)}
      </>
    );
  }
  if (state.state === 'not-logged-in') {
    return (
      <>
        <span class="live hollow" aria-hidden="true" />
        {INSTANCES.notLoggedIn}
      </>
    );
  }
  const words = {
    'no-access': INSTANCES.taken,
    'not-unleash': INSTANCES.notUnleash,
    unreachable: INSTANCES.silent,
  } as const;
  return (
    <span class="warn-words" title={'message' in state ? state.message : undefined}>
      <Icon of={ShieldAlert} />
      {words[state.state]}
    </span>
  );
}
