import { useEffect, useRef, useState } from 'preact/hooks';

/** A secret is shown for so long at most, however long the key is held. */
export const REVEAL_LIMIT_MS = 10_000;

/** Fetches the secret for one showing; null when it is not there any more. */
export type ReadSecret = () => Promise<string | null>;

/**
 * Shows a secret while a pointer, Space or Enter is down on a button, and not a moment longer: release, blur, a change
 * of tab or window, and 10 s end it. The secret is read for each showing and forgotten after it; it stands in the
 * page only meanwhile.
 */
export function useHoldToReveal(read: ReadSecret) {
  const [secret, setSecret] = useState<string | null>(null);
  const [held, setHeld] = useState(false);
  const holding = useRef<symbol | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const end = () => {
    holding.current = null;
    clearTimeout(timer.current);
    setSecret(null);
    setHeld(false);
  };
  const begin = async () => {
    if (holding.current) return;
    const mine = Symbol('one showing');
    holding.current = mine;
    setHeld(true);
    timer.current = setTimeout(end, REVEAL_LIMIT_MS);
    const text = await read();
    // Let go while it was on its way: then it must not appear.
    if (holding.current === mine) setSecret(text);
  };

  useEffect(() => {
    const hidden = () => {
      if (document.visibilityState === 'hidden') end();
    };
    document.addEventListener('visibilitychange', hidden);
    addEventListener('blur', end);
    return () => {
      document.removeEventListener('visibilitychange', hidden);
      removeEventListener('blur', end);
      clearTimeout(timer.current);
      holding.current = null;
    };
  }, []);

  const isHoldKey = (event: KeyboardEvent) => event.key === ' ' || event.key === 'Enter';
  return {
    secret,
    held,
    /** To be spread on the button. */
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        if (event.button !== 0) return;
        const button = event.currentTarget as HTMLElement;
        button.setPointerCapture?.(event.pointerId);
        void begin();
      },
      onPointerUp: end,
      onPointerCancel: end,
      onLostPointerCapture: end,
      onContextMenu: (event: Event) => event.preventDefault(),
      onKeyDown: (event: KeyboardEvent) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        if (!event.repeat) void begin();
      },
      onKeyUp: (event: KeyboardEvent) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        end();
      },
      onBlur: end,
    },
  };
}
