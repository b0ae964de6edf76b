import { Check, ChevronsUpDown, Plus, Settings as SettingsIcon } from 'lucide-preact';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Mark } from '../ui/mark.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import type { OpenOptions } from './open-options.ts';
import type { Popup } from './store.ts';
import { WORDS } from './words.ts';

/** Mark, instance switch, options. */
export function Head({ popup, openOptions }: { popup: Popup; openOptions: OpenOptions }) {
  const current = popup.current.value;
  const state = popup.instanceState.value;
  return (
    <header class="head">
      <Mark />
      {current === null ? (
        <span class="head-name">{WORDS.product}</span>
      ) : (
        <Menu
          label={current.name}
          button={
            <>
              <Host text={current.name} />
              <Icon of={ChevronsUpDown} small />
            </>
          }
        >
          {(close) => (
            <>
              {popup.instances.value.map((instance) => (
                <MenuItem
                  key={instance.id}
                  checked={instance.id === current.id}
                  onClick={() => {
                    close();
                    void popup.useInstance(instance.id);
                  }}
                >
                  <span class="menu-text">
                    <Host text={instance.name} />
                    {instance.id === current.id && state?.state === 'ready' && (
                      <span class="meta">{state.user}</span>
                    )}
                  </span>
                  {instance.id === current.id && <Icon of={Check} small />}
                </MenuItem>
              ))}
              <hr />
              <MenuItem
                onClick={() => {
                  close();
                  void openOptions({ add: '' });
                }}
              >
                <Icon of={Plus} />
                <span class="menu-text">{WORDS.addInstance}</span>
              </MenuItem>
            </>
          )}
        </Menu>
      )}
      <IconButton label={WORDS.options} icon={SettingsIcon} onClick={() => void openOptions()} />
    </header>
  );
}

const TAIL_LENGTH = 14;

/** A long host keeps its end: the middle gives way. */
function Host({ text }: { text: string }) {
  const cut = Math.max(0, text.length - TAIL_LENGTH);
  return (
    <span class="host" title={text}>
      <span class="host-start">{text.slice(0, cut)}</span>
      <span class="host-end">{text.slice(cut)}</span>
    </span>
  );
}
