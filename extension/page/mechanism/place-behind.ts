/** Between what is there and our button. */
const GAP_PX = 12;

/**
 * Puts an island behind the last part of a line, centred on it, over the page: nothing of the page moves. It goes by where
 * things are on screen, since the line is laid out otherwise in each version. Call again whenever the page changed.
 */
export function placeBehind(host: HTMLElement, line: HTMLElement): void {
  if (line.nextElementSibling !== host) line.after(host);
  const last = line.querySelector('li:last-of-type') ?? line;
  const end = last.getBoundingClientRect();
  const own = host.getBoundingClientRect();
  moveBy(host, '--x', end.right + GAP_PX - own.left);
  moveBy(host, '--y', (end.top + end.bottom - own.top - own.bottom) / 2);
}

/** Where it would stand of itself is not to be known, but how far it is off from there. */
function moveBy(host: HTMLElement, name: '--x' | '--y', px: number): void {
  if (Math.abs(px) < 0.5) return;
  const before = Number.parseFloat(host.style.getPropertyValue(name)) || 0;
  host.style.setProperty(name, `${before + px}px`);
}
