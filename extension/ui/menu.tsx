import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

type MenuProps = {
  /** The button's accessible name. */
  label: string;
  button: ComponentChildren;
  /** Gets a function that closes the menu; every child is a `MenuItem`. */
  children: (close: () => void) => ComponentChildren;
  align?: 'start' | 'end';
  /** The button in the look of a wide outlined one; the menu is as far as the button is. */
  outlined?: boolean;
  /**
   * The button is an icon among others of a row, which have the arrow keys; `act` names it there. The menu opens in the
   * top layer: a list that scrolls would cut it off.
   */
  inRow?: { act: string; tabIndex: number };
  /** Another value is another list in the same menu, of which the first item or the one marked `first` has the focus. */
  list?: string | null;
  /** From a list inside: Escape and the arrow against the reading direction go back instead of closing. */
  onBack?: (() => void) | undefined;
  /** Whenever the menu opens, before its items are shown. */
  onOpen?: () => void;
};

/** A button with a menu: arrows, Home and End move, Escape and Tab close, the focus returns to the button. */
export function Menu({
  label,
  button,
  children,
  align = 'start',
  outlined = false,
  inRow,
  list = null,
  onBack,
  onOpen,
}: MenuProps) {
  const [open, setOpen] = useState(false);
  const holder = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const show = () => {
    onOpen?.();
    setOpen(true);
  };

  return (
    <div class={inRow ? undefined : 'menu-holder'} ref={holder}>
      <button
        type="button"
        ref={trigger}
        class={inRow ? 'icon-button' : outlined ? 'button outline wide' : 'menu-button'}
        data-act={inRow?.act}
        tabIndex={inRow?.tabIndex}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        title={label}
        onClick={() => (open ? setOpen(false) : show())}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || open || inRow) return;
          event.preventDefault();
          show();
        }}
      >
        {button}
      </button>
      {open && (
        <OpenMenu
          label={label}
          align={align}
          holder={holder}
          trigger={trigger}
          onTop={inRow !== undefined}
          list={list}
          onBack={onBack}
          hide={() => setOpen(false)}
        >
          {children}
        </OpenMenu>
      )}
    </div>
  );
}

type OpenMenuProps = Required<Pick<MenuProps, 'label' | 'align' | 'list' | 'children'>> & {
  onBack: (() => void) | undefined;
  holder: RefObject<HTMLElement | null>;
  trigger: RefObject<HTMLElement | null>;
  /** In the top layer. */
  onTop: boolean;
  /** Closes it, and leaves the focus alone. */
  hide: () => void;
};

/** What is there of a menu while it is open: of the closed ones there may be one in each row of a list. */
function OpenMenu({
  label,
  align,
  list,
  children,
  onBack,
  holder,
  trigger,
  onTop,
  hide,
}: OpenMenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const items = () => [
    ...(menu.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []),
  ];
  const close = () => {
    hide();
    trigger.current?.focus();
  };

  // Before it is painted, or a key that is pressed at once goes elsewhere.
  useLayoutEffect(() => {
    if (onTop && trigger.current && menu.current) placeOnTop(trigger.current, menu.current);
    // The last item first: a list that is longer than the room below must show that it goes on.
    const all = items();
    all.at(-1)?.scrollIntoView({ block: 'nearest' });
    (all.find((item) => 'first' in item.dataset) ?? all[0])?.focus();
  }, [list, onTop]);

  useEffect(() => {
    const outside = (event: Event) => {
      if (!holder.current?.contains(event.target as Node)) hide();
    };
    const place = () => {
      if (onTop && trigger.current && menu.current) placeOnTop(trigger.current, menu.current);
    };
    addEventListener('pointerdown', outside);
    addEventListener('scroll', place, true);
    addEventListener('resize', place);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('scroll', place, true);
      removeEventListener('resize', place);
    };
  }, [onTop]);

  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: all.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (event.key === 'Escape' || (onBack && event.key === backKey(event))) {
      event.preventDefault();
      event.stopPropagation();
      if (onBack) onBack();
      else close();
    } else if (event.key === 'Tab') {
      hide();
    }
  };

  return (
    <div
      ref={menu}
      class={`menu ${align}${onTop ? ' on-top' : ''}`}
      {...(onTop ? { popover: 'manual' as const } : {})}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      onKeyDown={onKeyDown}
    >
      {children(close)}
    </div>
  );
}

/** Between the menu and its button, and between it and the window's edge, in px. */
const GAP_PX = 4;

/** Opens it in the top layer, below its button or, where more room is, above, and within the window. */
function placeOnTop(trigger: HTMLElement, menu: HTMLElement): void {
  if (!menu.matches(':popover-open')) menu.showPopover();
  const button = trigger.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const below = clientHeight - button.bottom - 2 * GAP_PX;
  const above = button.top - 2 * GAP_PX;
  menu.style.maxHeight = '';
  const { width, height } = menu.getBoundingClientRect();
  const up = below < height && above > below;
  menu.style.maxHeight = `${up ? above : below}px`;
  menu.style.top = up ? 'auto' : `${button.bottom + GAP_PX}px`;
  menu.style.bottom = up ? `${clientHeight - button.top + GAP_PX}px` : 'auto';
  // Its end under the button's end, as far as the window lets it.
  const isRtl = getComputedStyle(menu).direction === 'rtl';
  const left = isRtl ? button.left : button.right - width;
  menu.style.left = `${Math.max(GAP_PX, Math.min(left, clientWidth - width - GAP_PX))}px`;
}

type MenuItemProps = {
  onClick: () => void;
  children: ComponentChildren;
  /** For one of several of which one holds. */
  checked?: boolean;
  /** Has the focus when its list is shown. */
  first?: boolean;
  /** Opens a list inside; so does the arrow in the reading direction. */
  opensList?: boolean;
};

/** The arrow key against the reading direction, and the one with it. */
const backKey = (event: KeyboardEvent) => (isRightToLeft(event) ? 'ArrowRight' : 'ArrowLeft');
const forthKey = (event: KeyboardEvent) => (isRightToLeft(event) ? 'ArrowLeft' : 'ArrowRight');

function isRightToLeft({ currentTarget }: KeyboardEvent): boolean {
  return getComputedStyle(currentTarget as Element).direction === 'rtl';
}

export function MenuItem({
  onClick,
  children,
  checked,
  first = false,
  opensList = false,
}: MenuItemProps) {
  if (checked === undefined) {
    return (
      <button
        type="button"
        role="menuitem"
        aria-haspopup={opensList ? 'menu' : undefined}
        aria-expanded={opensList ? false : undefined}
        tabIndex={-1}
        class="menu-item"
        data-first={first ? '' : undefined}
        onClick={onClick}
        onKeyDown={(event) => {
          if (!opensList || event.key !== forthKey(event)) return;
          event.preventDefault();
          onClick();
        }}
      >
        {children}
      </button>
    );
  }
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={checked}
      tabIndex={-1}
      class="menu-item"
      onClick={onClick}
    >
      {children}
    </button>
  );
}
