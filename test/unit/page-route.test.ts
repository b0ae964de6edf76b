// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { watchChanges } from '../../extension/page/mechanism/page-changes.ts';
import { parseRoute, type Route, sameRoute } from '../../extension/page/mechanism/route.ts';
import { recogniseUnleash } from '../../extension/page/mechanism/unleash-page.ts';
import { watchRoute } from '../../extension/page/mechanism/watch-route.ts';

describe('a route', () => {
  it.each<[string, string, Route]>([
    ['/admin/api', '', { page: 'api-access' }],
    ['/admin/api/', '', { page: 'api-access' }],
    ['/flags/admin/api', '/flags', { page: 'api-access' }],
    ['/profile/personal-api-tokens', '', { page: 'personal-tokens' }],
    ['/projects/default', '', { page: 'project', project: 'default' }],
    ['/projects/default/settings', '', { page: 'other', path: '/projects/default/settings' }],
    ['/projects/a/features/b%20c/metrics', '', { page: 'flag', project: 'a', flag: 'b c' }],
    [
      '/projects/a/features/b/strategies/create',
      '',
      { page: 'other', path: '/projects/a/features/b/strategies/create' },
    ],
    [
      '/projects/default/settings/api-access',
      '',
      { page: 'project-api-access', project: 'default' },
    ],
    [
      '/projects/web~shop/settings/api-access/create',
      '',
      { page: 'project-api-access', project: 'web~shop' },
    ],
    [
      '/a/b/projects/x%20y/settings/api-access',
      '/a/b',
      { page: 'project-api-access', project: 'x y' },
    ],
    [
      '/projects/%E0%A4%A/settings/api-access',
      '',
      { page: 'project-api-access', project: '%E0%A4%A' },
    ],
    ['/admin/api/create-token', '', { page: 'other', path: '/admin/api/create-token' }],
    ['/admin/apis', '', { page: 'other', path: '/admin/apis' }],
    ['/', '', { page: 'other', path: '' }],
    ['/flags', '/flags', { page: 'other', path: '' }],
  ])('%s below "%s" is read', (path, base, route) => {
    expect(parseRoute(path, base)).toEqual(route);
  });

  it('is none outside the base path, also where a name only begins alike', () => {
    expect(parseRoute('/admin/api', '/flags')).toBeNull();
    expect(parseRoute('/flagship/admin/api', '/flags')).toBeNull();
  });

  it('is the same in another project only by its name', () => {
    const project = (name: string): Route => ({ page: 'project-api-access', project: name });
    expect(sameRoute(project('one'), project('one'))).toBe(true);
    expect(sameRoute(project('one'), project('two'))).toBe(false);
  });
});

describe('a page', () => {
  const head = (html: string) => new DOMParser().parseFromString(html, 'text/html');

  it('is Unleash by two marks together', () => {
    expect(
      recogniseUnleash(head('<meta name="baseUriPath" content="/flags"><meta name="uiFlags">')),
    ).toEqual({ basePath: '/flags' });
    expect(
      recogniseUnleash(head('<meta name="baseUriPath" content=""><meta name="cdnPrefix">')),
    ).toEqual({ basePath: '' });
  });

  it.each([
    '<title>Unleash</title>',
    '<meta name="baseUriPath" content="">',
    '<meta name="uiFlags" content="{}">',
    '<meta name="baseUriPath"><meta name="uiFlags">',
    '<meta name="baseUriPath" content="::baseUriPath::"><meta name="uiFlags">',
    '<meta name="baseUriPath" content="https://elsewhere.example"><meta name="uiFlags">',
  ])('is not Unleash by %s', (html) => {
    expect(recogniseUnleash(head(html))).toBeNull();
  });
});

const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

describe('watching the page', () => {
  it('tells which rows changed, what lies beyond rows, and nothing of what we put there', async () => {
    const ending = new AbortController();
    document.body.innerHTML = '<p></p><table><tbody><tr><td>one</td></tr></tbody></table>';
    const [p, row] = [document.querySelector('p'), document.querySelector('tr')];
    const seen: [boolean, unknown[]][] = [];
    const settled = async () => {
      for (let turn = 0; turn < 3; turn += 1) await frame();
      return seen.splice(0);
    };
    watchChanges(window as never, ending.signal).onChange(
      ({ beyondRows, rows }) => seen.push([beyondRows, [...rows]]),
      ending.signal,
    );
    expect(seen.splice(0)).toEqual([[true, []]]);
    row?.firstElementChild?.append('two');
    expect(await settled()).toEqual([[false, [row]]]);
    row?.after(document.createElement('tr'));
    expect(await settled()).toEqual([[false, []]]);
    p?.append('words');
    expect(await settled()).toEqual([[true, []]]);
    const island = document.createElement('tokenleash-ui');
    row?.firstElementChild?.append(island);
    expect(await settled()).toEqual([]);
    island.remove();
    expect(await settled()).toEqual([[false, [row]]]);
    ending.abort();
  });
});

describe('watching the route', () => {
  const redraw = async () => {
    document.body.append(document.createElement('p'));
    // The observer is told in a task of its own, and its callback waits for a frame.
    for (let turn = 0; turn < 3; turn += 1) await frame();
  };

  it('tells each change that came without a load, once, and not a change of the query', async () => {
    const ending = new AbortController();
    const seen: (string | null)[] = [];
    history.replaceState(null, '', '/admin/api');
    const changes = watchChanges(window as never, ending.signal);
    watchRoute(
      { window: window as never, basePath: '', changes },
      (route) => seen.push(route?.page ?? null),
      ending.signal,
    );
    expect(seen).toEqual(['api-access']);

    history.pushState(null, '', '/profile/personal-api-tokens');
    await redraw();
    history.replaceState(null, '', '/profile/personal-api-tokens?sort=createdAt');
    await redraw();
    expect(seen).toEqual(['api-access', 'personal-tokens']);

    history.pushState(null, '', '/admin/api');
    window.dispatchEvent(new PopStateEvent('popstate'));
    expect(seen).toEqual(['api-access', 'personal-tokens', 'api-access']);

    ending.abort();
    history.pushState(null, '', '/projects');
    await redraw();
    expect(seen).toHaveLength(3);
  });
});
