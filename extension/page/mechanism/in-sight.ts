/** How long a button must have been in full sight before a press of it counts, in ms. */
const SEEN_MS = 300;

/** How often we look, in ms. */
const LOOK_MS = 100;

/** After so long (ms) a button that comes into sight has been seen. */
export const TO_BE_SEEN_MS = SEEN_MS + 2 * LOOK_MS;

/** Below these a person sees a hint of it at most. */
const LEAST_OPACITY = 0.9;
/** Below this it is no dialog that fades in any more. */
const HIDDEN_OPACITY = 0.3;
const LEAST_SCALE = 0.9;
/** Of a button, in CSS px; zoom by CSS changes no measure but this. */
const LEAST_PX = 20;

/** How long a card may take to come into sight, in ms: a dialog fades in. */
const FRESH_MS = 1_000;

/**
 * `soon`: it has just come and is about to be seen for long enough. `again`: it is in sight, not for long enough, and had
 * been out of it before.
 */
export type Sight = 'seen' | 'soon' | 'again' | 'unseen';

type Place = { x: number; y: number };

/**
 * Watches whether these buttons of `host` are truly in sight. A real click is not enough: a script of the page can make
 * us see-through or tiny, cover us with a picture that lets clicks pass, or push us under a pointer that is about to
 * press (clickjacking).
 *
 * Chromium tells of itself whether all of an element is painted and nothing over it (IntersectionObserver v2). Without,
 * we look for what lies over the place as well as one can from outside.
 */
export function watchSight(
  host: HTMLElement,
  buttons: readonly HTMLElement[],
  signal: AbortSignal,
): (button: HTMLElement, event: MouseEvent) => Sight {
  const begun = performance.now();
  const since = new Map<HTMLElement, number>();
  const lost = new Set<HTMLElement>();
  /** What the browser says; a button of which it said nothing yet is not in here. */
  const painted = new Map<Element, boolean>();
  const observer = paintObserver((entries) => {
    for (const { target, isVisible } of entries) painted.set(target, isVisible === true);
    look();
  });

  const isInSight = (button: HTMLElement, place: Place | null) => {
    if (painted.get(button) === false || !isWhole(button, LEAST_OPACITY)) return false;
    const at = place ?? middleOf(button);
    if (host.ownerDocument.elementFromPoint(at.x, at.y) !== host) return false;
    // Only under a pointer can something be pressed; the look at all of the page is not for nothing.
    return observer !== null || !host.matches(':hover') || !isCovered(host, at);
  };
  const look = () => {
    for (const button of buttons) {
      if (!isInSight(button, null)) {
        if (since.delete(button)) lost.add(button);
      } else if (!since.has(button)) since.set(button, performance.now());
    }
  };

  const timer = setInterval(() => host.isConnected && look(), LOOK_MS);
  const onPointer = () => {
    look();
    // A pointer that comes to what is hidden, and does not merely fade in, was led there.
    for (const button of buttons) if (!isWhole(button, HIDDEN_OPACITY)) lost.add(button);
  };
  host.addEventListener('pointerover', onPointer, { signal });
  for (const button of buttons) observer?.observe(button);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    observer?.disconnect();
  });

  return (button, event) => {
    // By keyboard there is no place but the button itself.
    const place = event.detail === 0 ? null : { x: event.clientX, y: event.clientY };
    look();
    const at = performance.now();
    const isFresh = !lost.has(button);
    if (!isInSight(button, place)) return isFresh && at - begun < FRESH_MS ? 'soon' : 'unseen';
    const from = since.get(button);
    if (from !== undefined && at - from >= SEEN_MS) return 'seen';
    return isFresh ? 'soon' : 'again';
  };
}

type Painted = IntersectionObserverEntry & { isVisible?: boolean };

/** Null where the browser does not tell (Firefox). */
function paintObserver(onChange: (entries: Painted[]) => void): IntersectionObserver | null {
  if (!('isVisible' in IntersectionObserverEntry.prototype)) return null;
  const options = { threshold: [0, 0.5, 1], trackVisibility: true, delay: LOOK_MS };
  return new IntersectionObserver((entries) => onChange(entries as Painted[]), options);
}

function middleOf(element: HTMLElement): Place {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}

/** Whether it has its own size and nothing around it makes it see-through. */
function isWhole(button: HTMLElement, leastOpacity: number): boolean {
  const { width, height } = button.getBoundingClientRect();
  if (width < LEAST_PX || height < LEAST_PX) return false;
  if (width < button.offsetWidth * LEAST_SCALE || height < button.offsetHeight * LEAST_SCALE) {
    return false;
  }
  let opacity = 1;
  for (let at: Element | null = button; at !== null; at = around(at)) {
    const style = getComputedStyle(at);
    opacity *= Number(style.opacity);
    if (at === button && style.visibility !== 'visible') return false;
    // A filter or a mask may take away all that there is to see.
    if ([style.filter, style.clipPath, style.maskImage].some((effect) => isSet(effect))) {
      return false;
    }
    if (isSet(style.mixBlendMode) && style.mixBlendMode !== 'normal') return false;
  }
  return opacity >= leastOpacity;
}

const isSet = (effect: string | undefined) => Boolean(effect) && effect !== 'none';

/** The next element outwards, out of shadow roots too. */
function around(element: Element): Element | null {
  if (element.assignedSlot) return element.assignedSlot;
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

/** Whether something that lets clicks pass is painted where `at` is; what catches them is found by its place alone. */
function isCovered(host: HTMLElement, at: Place): boolean {
  return everyElement(host.ownerDocument).some((element) => {
    if (element === host || element.contains(host)) return false;
    const style = getComputedStyle(element);
    if (style.pointerEvents !== 'none' || style.visibility !== 'visible') return false;
    if (Number(style.opacity) === 0 || !paints(element, style)) return false;
    return [...element.getClientRects()].some(
      ({ left, right, top, bottom }) =>
        left <= at.x && at.x <= right && top <= at.y && at.y <= bottom,
    );
  });
}

/** All of the page, in the shadow roots that a content script may look into as well. */
function everyElement(root: Document | ShadowRoot): Element[] {
  return [...root.querySelectorAll('*')].flatMap((element) => {
    const inner =
      (element as { openOrClosedShadowRoot?: ShadowRoot | null }).openOrClosedShadowRoot ??
      element.shadowRoot;
    return inner ? [element, ...everyElement(inner)] : [element];
  });
}

const PICTURES = 'img,picture,video,canvas,svg,svg *,iframe,object,embed';

function paints(element: Element, style: CSSStyleDeclaration): boolean {
  const isClear = (color: string) => /^transparent$|^rgba\(.*, 0\)$/.test(color);
  return (
    !isClear(style.backgroundColor) ||
    style.backgroundImage !== 'none' ||
    isSet(style.boxShadow) ||
    isSet(style.backdropFilter) ||
    element.matches(PICTURES) ||
    [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== '') ||
    ['::before', '::after'].some((part) => isSet(getComputedStyle(element, part).content))
  );
}
