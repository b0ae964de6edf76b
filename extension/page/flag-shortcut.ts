import type { Feature } from './mechanism/feature.ts';
import { isTyping } from './mechanism/is-typing.ts';

/** Then a digit: the environment, by its place on the page. Unleash's own keys all have Ctrl or Cmd. */
const FIRST_KEY = 't';

/** How long the second key may take, in ms. */
const WAIT_MS = 5000;

const ENVIRONMENT = 'FEATURE_ENVIRONMENT_ACCORDION_';
/** As many as there are digits. */
const MOST = 9;

/** The environments of the flag on screen, from top to bottom; none where one stands twice. */
export function environmentsOnScreen(document: Document): string[] {
  const names = [...document.querySelectorAll(`[data-testid^="${ENVIRONMENT}"]`)].map(
    (one) => one.getAttribute('data-testid')?.slice(ENVIRONMENT.length) ?? '',
  );
  const areClear = names.every((name) => name !== '') && new Set(names).size === names.length;
  return areClear ? names.slice(0, MOST) : [];
}

/**
 * T, then 1 to 9 on a flag's page: our form, filled in for this project and that environment. The first key only says
 * what the second may be; nothing is made before somebody presses "Create and copy" in the form.
 */
export const flagShortcut: Feature = {
  id: 'flag-shortcut',
  matches: (route) => route.page === 'flag',
  init({ route, send, notice, words }, signal) {
    if (route.page !== 'flag') return;
    const { project } = route;
    /** What the digits mean while a second key is awaited. */
    let awaited: { environments: string[]; timer: ReturnType<typeof setTimeout> } | null = null;
    const stopWaiting = () => {
      if (awaited === null) return;
      clearTimeout(awaited.timer);
      awaited = null;
      notice.dismiss();
    };

    const onKeyDown = (event: KeyboardEvent) => {
      if (!event.isTrusted || event.repeat || isModifier(event)) return;
      if (awaited !== null) {
        const environment = awaited.environments[digitOf(event) - 1];
        stopWaiting();
        if (environment === undefined || isTyping(event)) return;
        take(event);
        void send('page.quickCreate', { kind: 'backend', project, environment });
        return;
      }
      if (event.key.toLowerCase() !== FIRST_KEY || isTyping(event)) return;
      const environments = environmentsOnScreen(document);
      if (environments.length === 0) return;
      take(event);
      awaited = { environments, timer: setTimeout(stopWaiting, WAIT_MS) };
      const choices = environments.map((name, index) => `${index + 1} ${name}`);
      notice.offerKeys(words.whichEnvironment, choices);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true, signal });
    signal.addEventListener('abort', stopWaiting);
  },
};

/** By what the key writes, else by its place: French keyboards write digits with Shift alone. */
function digitOf({ key, code }: KeyboardEvent): number {
  return Number(/^\d$/.test(key) ? key : /^Digit(\d)$/.exec(code)?.[1]);
}

function isModifier({ ctrlKey, metaKey, altKey, key }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey || key === 'Shift';
}

function take(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}
