import { describe, expect, test } from 'vitest';
import { nameRefusal } from '../../extension/background/instance-name.ts';
import { createInstances, instanceOf } from '../../extension/background/instances.ts';
import { createPageScript } from '../../extension/background/page-script.ts';
import { profileNameFor } from '../../extension/background/proxy-exchange.ts';
import { hostPattern, pagePatterns } from '../../extension/platform/match-pattern.ts';
import { fakeStore } from './background-fake-browser.ts';

function setUp(managed: string[] = []) {
  const local = fakeStore();
  const instances = createInstances({
    local,
    managed: async () => managed,
    mayReach: async () => true,
    changed: async () => {},
  });
  return { local, instances };
}

describe('instances', () => {
  test('are known by origin and base path, without a slash at the end', () => {
    expect(instanceOf('https://unleash.example.com:8443/flags/')).toEqual({
      id: 'https://unleash.example.com:8443/flags',
      origin: 'https://unleash.example.com:8443',
      basePath: '/flags',
      name: 'unleash.example.com:8443/flags',
    });
  });

  test('are added once, and the last added is the current one', async () => {
    const { instances } = setUp();
    await Promise.all([instances.add('https://a.example'), instances.add('https://b.example')]);
    await instances.add('https://a.example');
    const { instances: all, currentId } = await instances.list();
    expect(all.map(({ id }) => id)).toEqual(['https://a.example', 'https://b.example']);
    expect(currentId).toBe('https://a.example');
  });

  test('leave another current when the current one is removed', async () => {
    const { instances } = setUp();
    await instances.add('https://a.example');
    await instances.add('https://b.example');
    await instances.remove('https://b.example');
    expect((await instances.list()).currentId).toBe('https://a.example');
    await instances.remove('https://a.example');
    expect(await instances.list()).toEqual({ instances: [], currentId: null });
  });

  test('that an administrator has set are there, first, and cannot be removed', async () => {
    const { instances } = setUp(['https://set.example/flags']);
    await instances.add('https://a.example');
    await instances.add('https://set.example/flags');
    await instances.remove('https://set.example/flags');
    const { instances: all, currentId } = await instances.list();
    expect(all.map(({ id }) => id)).toEqual(['https://set.example/flags', 'https://a.example']);
    expect(currentId).toBe('https://set.example/flags');
    expect(await instances.hasOrigin('https://set.example')).toBe(true);
  });

  test('of a later version, or damaged, are neither shown nor lost', async () => {
    const { instances, local } = setUp();
    await instances.add('https://a.example');
    const [good] = (await local.read('instances')) as unknown[];
    const strange = [
      { id: 'https://b.example', kind: 'cluster' },
      7,
      { id: 'javascript:alert(1)' },
    ];
    await local.write('instances', [...strange, good]);
    await instances.add('https://c.example');
    await instances.remove('https://a.example');
    expect((await instances.list()).instances.map(({ id }) => id)).toEqual(['https://c.example']);
    expect(await local.read('instances')).toEqual([...strange, instanceOf('https://c.example')]);
    await local.write('instances', 'no list at all');
    expect((await instances.list()).instances).toEqual([]);
  });

  test('come back at their place, under their name, and current if they were', async () => {
    const { instances } = setUp();
    await instances.add('https://a.example');
    await instances.add('https://b.example');
    await instances.rename('https://a.example', 'Production');
    await instances.use('https://a.example');
    const before = await instances.list();
    await instances.remove('https://a.example');
    await instances.restore({ ...instanceOf('https://a.example'), name: 'Production' }, 0, true);
    expect(await instances.list()).toEqual(before);
    // A second Undo, or an address that was added again meanwhile, makes no double.
    await instances.restore(instanceOf('https://a.example'), 0, true);
    expect(await instances.list()).toEqual(before);
  });

  test('have a name of one line that is no token', () => {
    expect(nameRefusal('Acme production')).toBeNull();
    expect(nameRefusal('')).toBeNull();
    expect(nameRefusal('x'.repeat(101))?.code).toBe('name.long');
    expect(nameRefusal('Acme\u202enoitcudorp')?.code).toBe('name.form');
    expect(nameRefusal(`staging user:${'a'.repeat(56)}`)?.code).toBe('name.secret');
  });

  test('on one origin are told apart by the longest base path above the page', async () => {
    const { instances } = setUp();
    await instances.add('https://a.example');
    await instances.add('https://a.example/flags');
    const of = async (url: string) => (await instances.ofPage('https://a.example', url))?.id;
    expect(await of('https://a.example/flags/projects')).toBe('https://a.example/flags');
    expect(await of('https://a.example/flagship')).toBe('https://a.example');
    expect(await instances.ofPage('https://b.example', 'https://a.example/')).toBeNull();
  });
});

test('match patterns have no port, and hold the base path', () => {
  expect(hostPattern('http://localhost:4242')).toBe('http://localhost/*');
  expect(pagePatterns(instanceOf('http://localhost:4242'))).toEqual(['http://localhost/*']);
  expect(pagePatterns(instanceOf('https://a.example/flags'))).toEqual([
    'https://a.example/flags',
    'https://a.example/flags/*',
  ]);
});

describe('the page script', () => {
  /** As browsers do it: an id that is taken is refused, and so is an empty list. */
  function fakeScripting() {
    const scripts = new Map<string, string[]>();
    const ran: string[][] = [];
    const scripting = {
      registered: async (id: string) => scripts.get(id) ?? null,
      async register(id: string, _file: string, matches: string[]) {
        if (scripts.has(id) || matches.length === 0) throw new Error('refused');
        await Promise.resolve();
        scripts.set(id, matches);
      },
      async unregister(id: string) {
        if (!scripts.delete(id)) throw new Error('not there');
      },
      runInOpenTabs: async (_file: string, matches: string[]) => void ran.push(matches),
    };
    return { scripting, scripts, ran };
  }

  test('is registered for exactly the instances that may be reached, once for each pattern', async () => {
    const { scripting, scripts, ran } = fakeScripting();
    let urls = ['http://localhost:1', 'http://localhost:2', 'https://a.example/flags'];
    const reachable = async () => urls.map(instanceOf);
    const script = createPageScript({ file: 'page.js', reachable, scripting });
    await Promise.all([script.sync(), script.sync()]);
    const flags = ['https://a.example/flags', 'https://a.example/flags/*'];
    expect(scripts.get('page')).toEqual(['http://localhost/*', ...flags]);
    expect(ran).toEqual([['http://localhost/*', ...flags]]);
    urls = ['https://a.example/flags'];
    await script.sync();
    expect(scripts.get('page')).toEqual(flags);
    expect(ran).toHaveLength(1);
    urls = [];
    await script.sync();
    expect(scripts.size).toBe(0);
  });
});

test.each([
  ['https://unleash.example.com', 'example'],
  ['https://acme.example.com/flags', 'acme'],
  ['http://localhost:4242', 'localhost'],
  ['http://127.0.0.1:4242', 'local'],
  ['https://www.example.com', 'example'],
])('a profile for %s is offered the name %s', (url, name) => {
  expect(profileNameFor(url)).toBe(name);
});
