import { useRef } from 'preact/hooks';

/**
 * `count` stands behind the label, and is no part of the name. While it is null its place is kept: the tabs behind it
 * must not move under a hand that is about to press one.
 */
export type TabEntry<Id extends string> = { id: Id; label: string; count?: number | null };

type TabsProps<Id extends string> = {
  label: string;
  tabs: readonly TabEntry<Id>[];
  current: Id;
  onChange: (id: Id) => void;
};

/** What ties a panel to its tab; give it to the element that holds the tab's view. */
export function panelOf(id: string) {
  return { id: `panel-${id}`, role: 'tabpanel', 'aria-labelledby': `tab-${id}` } as const;
}

/** A tab list: arrows, Home and End move and show at once, Tab goes on into the panel. */
export function Tabs<Id extends string>({ label, tabs, current, onChange }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (to: number) => {
    const next = tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.id);
    list.current?.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list}>
      {tabs.map((tab, index) => (
        <button
          key={tab.id}
          id={`tab-${tab.id}`}
          type="button"
          role="tab"
          aria-selected={tab.id === current}
          aria-controls={tab.id === current ? `panel-${tab.id}` : undefined}
          tabIndex={tab.id === current ? 0 : -1}
          onClick={() => onChange(tab.id)}
          onKeyDown={(event) => {
            const steps: Record<string, number> = {
              ArrowRight: index + 1,
              ArrowLeft: index - 1,
              Home: 0,
              End: tabs.length - 1,
            };
            const to = steps[event.key];
            if (to === undefined) return;
            event.preventDefault();
            move(to);
          }}
        >
          {tab.label}
          {tab.count !== undefined && (
            <span class="tab-count" aria-hidden="true">
              {tab.count}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
