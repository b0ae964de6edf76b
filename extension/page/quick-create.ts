import type { Request } from '../platform/messages.ts';
import { element } from './mechanism/dom.ts';
import type { Feature } from './mechanism/feature.ts';
import { mark } from './mechanism/icons.ts';
import { createIsland, onPress } from './mechanism/island.ts';
import { placeBehind } from './mechanism/place-behind.ts';
import { placeBeside } from './mechanism/place-beside.ts';
import type { Route } from './mechanism/route.ts';
import { whenQuiet } from './mechanism/when-quiet.ts';

/** Beside a button it is a part of the row; on the line of the breadcrumbs it takes no room, so that nothing moves. */
const STYLE = `
:host([data-on=row]){display:inline-flex!important;flex:none!important;align-self:var(--align)!important;
margin-inline-end:var(--gap)!important;vertical-align:middle!important}
:host([data-on=line]){display:block!important;position:absolute!important;margin:var(--y) 0 0 var(--x)!important;
z-index:1!important}
button{height:var(--height);padding:0 14px 0 12px;border-radius:var(--radius);
font:500 var(--size)/1.2 var(--font);border-color:var(--accent);color:var(--accent-text)}
:host([data-on=line]) button{height:28px;padding:0 10px 0 8px;border-radius:var(--radius-control);font:var(--type-label);
background:var(--surface)}
button:has([hidden]){padding:0 10px}
button:hover{background:var(--accent-soft)!important}
button:active{background:var(--accent-soft);border-color:var(--accent-pressed)}
`;

type Form = Request<'page.quickCreate'>;

/** What the form is filled in with here; null where there is nothing to create. */
export function formOfRoute(route: Route): Form | null {
  switch (route.page) {
    case 'api-access':
      return { kind: 'backend', project: null, environment: null };
    case 'personal-tokens':
      return { kind: 'personal', project: null, environment: null };
    case 'project-api-access':
    case 'project':
    case 'flag':
      return { kind: 'backend', project: route.project, environment: null };
    case 'other':
      return null;
  }
}

/** Unleash's own button for a new token on this page. That for a PAT has nothing but its text. */
export function findNewTokenButton(document: Document, route: Route): HTMLElement | null {
  if (route.page !== 'personal-tokens') {
    return only(document.querySelectorAll('[data-testid="CREATE_API_TOKEN_BUTTON"]'));
  }
  const buttons = [...document.querySelectorAll<HTMLElement>('#app button')];
  return only(buttons.filter((button) => button.textContent?.trim() === 'New token'));
}

/** The line of breadcrumbs, which stands on every page of a project and a flag from 4.19.5 to 8.2.0. */
export function findBreadcrumbs(document: Document): HTMLElement | null {
  return only(document.querySelectorAll('nav[aria-label="Breadcrumbs"]'));
}

/** What is there twice is not what we know it as. */
function only(found: ArrayLike<Element>): HTMLElement | null {
  return found.length === 1 && found[0] instanceof HTMLElement ? found[0] : null;
}

/** A button beside Unleash's own that opens our form, filled in for what is on screen. It holds nothing and does no more. */
export const quickCreate: Feature = {
  id: 'quick-create',
  matches: (route) => formOfRoute(route) !== null,
  init({ route, send, onChange, words: { quickCreate: name } }, signal) {
    const form = formOfRoute(route);
    if (form === null) return;
    const { host, frame, followTheme } = createIsland('quick-create', STYLE);
    const words = element('span', {}, name);
    const button = element(
      'button',
      { type: 'button', 'aria-label': name, title: name },
      mark(16),
      words,
    );
    frame.append(button);
    onPress(button, () => void send('page.quickCreate', form), signal);
    const row = placeBeside(host);
    signal.addEventListener('abort', row.leave);

    const besideButton = () => {
      const own = findNewTokenButton(document, route);
      if (own === null) return row.leave();
      host.dataset.on = 'row';
      // On a narrow screen Unleash's is an icon alone; so is ours then.
      words.hidden = own.textContent?.trim() === '';
      row.at(own);
      followTheme();
    };
    let crumbs: string | null = null;
    const onBreadcrumbs = () => {
      const line = findBreadcrumbs(document);
      if (line === null) return host.remove();
      host.dataset.on = 'line';
      // What is in front of it makes it move at once; what moves the whole line, a moment later.
      const isSame = line.nextElementSibling === host && line.textContent === crumbs;
      crumbs = line.textContent;
      if (isSame) placeAnew();
      else placeBehind(host, line);
      followTheme();
    };
    const placeAnew = whenQuiet(() => {
      const line = findBreadcrumbs(document);
      if (line && host.isConnected) placeBehind(host, line);
    }, signal);
    const isOnLine = route.page === 'project' || route.page === 'flag';
    const look = isOnLine ? onBreadcrumbs : besideButton;
    onChange(({ beyondRows }) => beyondRows && look(), signal);
    if (isOnLine) window.addEventListener('resize', placeAnew, { signal });
  },
};
