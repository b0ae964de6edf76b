import { borrowedKit } from './kit.ts';

const { drawing, element } = borrowedKit();

export type CountdownRing = {
  node: HTMLElement;
  /** Whole seconds left. */
  show(left: number): void;
};

const RADIUS = 12;
const ROUND = 2 * Math.PI * RADIUS;

export const RING_STYLE = `
.ring{position:relative;flex:none;display:grid;place-items:center;font:var(--type-group);
font-variant-numeric:tabular-nums}
.ring svg{position:absolute;inset:0;transform:rotate(-90deg)}
.ring circle{fill:none;stroke-width:2.5}
.ring-rest{stroke:var(--pressed)}
.ring-left{stroke:var(--accent);stroke-linecap:round;stroke-dasharray:${ROUND};
animation:empty var(--time) linear forwards}
@keyframes empty{to{stroke-dashoffset:${ROUND}}}
@media (prefers-reduced-motion:reduce){.ring-left{animation-duration:var(--time);animation-timing-function:var(--steps)}}
`;

/** A ring that empties over `seconds`, its number hidden from screen readers; `size` in px. */
export function countdownRing(seconds: number, size: number): CountdownRing {
  const number = element('span');
  const svg = drawing({ viewBox: '0 0 28 28', width: String(size), height: String(size) }, [
    ['circle', { class: 'ring-rest', cx: '14', cy: '14', r: String(RADIUS) }],
    ['circle', { class: 'ring-left', cx: '14', cy: '14', r: String(RADIUS) }],
  ]);
  const node = element('div', { class: 'ring', 'aria-hidden': 'true' }, svg, number);
  for (const [name, value] of [
    ['width', `${size}px`],
    ['height', `${size}px`],
    ['--time', `${seconds}s`],
    ['--steps', `steps(${seconds})`],
  ] as const) {
    node.style.setProperty(name, value);
  }
  const show = (left: number) => {
    number.textContent = left < 100 ? String(left) : `${Math.ceil(left / 60)}m`;
  };
  show(seconds);
  return { node, show };
}

/** Calls back with each whole second that is left, the last time with 0. */
export function countDown(
  seconds: number,
  onSecond: (left: number) => void,
  signal: AbortSignal,
): void {
  const end = Date.now() + seconds * 1000;
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    const left = end - Date.now();
    timer = setTimeout(tick, Math.max(1, left - (Math.ceil(left / 1000) - 1) * 1000));
  };
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    onSecond(left);
    if (left > 0 && !signal.aborted) next();
  };
  next();
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}
