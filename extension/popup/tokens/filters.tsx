import { ArrowDownUp, Check, ChevronDown, ListX, Search } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { TokenSort } from '../../platform/messages.ts';
import { Icon } from '../../ui/icon.tsx';
import { KIND_NAMES } from '../../ui/kind-names.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { LIST, SEVERAL, SORT_NAMES } from '../words/tokens.ts';
import { choicesOf } from './rows.ts';
import type { Tokens } from './store.ts';

/** The search field and what narrows the list; all of it is kept while the popup is closed. */
export function Filters({ tokens }: { tokens: Tokens }) {
  const rows = tokens.list.value?.tokens ?? [];
  const { search, kind, project, environment, sort } = tokens.view.value;
  const choices = useMemo(() => choicesOf(rows), [rows]);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  return (
    <div class="token-filters">
      <div class="token-search">
        <Icon of={Search} />
        <input
          ref={field}
          type="text"
          class="control"
          aria-label={LIST.search}
          placeholder={LIST.searchPlaceholder(rows.length)}
          value={search}
          autocomplete="off"
          spellcheck={false}
          dir="auto"
          onInput={(event) => tokens.look({ search: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || search === '') return;
            // The popup itself would close.
            event.preventDefault();
            tokens.look({ search: '' });
          }}
        />
        <span class="token-slash" aria-hidden="true">
          /
        </span>
      </div>
      <div class="token-narrow">
        <Choice
          label={LIST.kind}
          all={LIST.allKinds}
          value={kind}
          options={choices.kinds.map((value) => ({ value, label: KIND_NAMES[value] }))}
          onChange={(value) => tokens.look({ kind: value })}
        />
        <Choice
          label={LIST.project}
          all={LIST.allProjects}
          value={project}
          options={choices.projects.map((value) => ({ value, label: value }))}
          onChange={(value) => tokens.look({ project: value })}
        />
        <Choice
          label={LIST.environment}
          all={LIST.allEnvironments}
          value={environment}
          options={choices.environments.map((value) => ({ value, label: value }))}
          onChange={(value) => tokens.look({ environment: value })}
        />
        <Menu label={LIST.sort} button={<Icon of={ArrowDownUp} />} align="end">
          {(close) =>
            (Object.keys(SORT_NAMES) as TokenSort[]).map((value) => (
              <Line
                key={value}
                chosen={value === sort}
                onClick={() => {
                  close();
                  tokens.look({ sort: value });
                }}
              >
                {SORT_NAMES[value]}
              </Line>
            ))
          }
        </Menu>
        <Menu label={LIST.more} button={<Icon of={ListX} />} align="end">
          {(close) =>
            (['expired', 'unused'] as const).map((which) => (
              <MenuItem
                key={which}
                onClick={() => {
                  close();
                  tokens.page.value = { is: 'several', which };
                }}
              >
                <span class="menu-text">{SEVERAL[which]}</span>
              </MenuItem>
            ))
          }
        </Menu>
      </div>
    </div>
  );
}

type ChoiceProps<Value extends string> = {
  label: string;
  all: string;
  value: Value | '';
  options: { value: Value; label: string }[];
  onChange: (value: Value | '') => void;
};

function Choice<Value extends string>({
  label,
  all,
  value,
  options,
  onChange,
}: ChoiceProps<Value>) {
  // A kept filter whose last token is gone must still be seen, to be taken off.
  const shown = options.find((option) => option.value === value)?.label ?? (value || all);
  return (
    <Menu
      label={`${label}: ${shown}`}
      button={
        <>
          <span class={value === '' ? 'token-choice' : 'token-choice chosen'}>{shown}</span>
          <Icon of={ChevronDown} small />
        </>
      }
    >
      {(close) =>
        [{ value: '' as const, label: all }, ...options].map((option) => (
          <Line
            key={option.value}
            chosen={option.value === value}
            onClick={() => {
              close();
              onChange(option.value);
            }}
          >
            {option.label}
          </Line>
        ))
      }
    </Menu>
  );
}

type LineProps = { chosen: boolean; onClick: () => void; children: ComponentChildren };

function Line({ chosen, onClick, children }: LineProps) {
  return (
    <MenuItem checked={chosen} onClick={onClick}>
      <span class="menu-text">{children}</span>
      {chosen && <Icon of={Check} small />}
    </MenuItem>
  );
}
