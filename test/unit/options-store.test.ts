import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOptions, type OptionsParts } from '../../extension/options/store.ts';
import { UNDO_MS } from '../../extension/options/undo.ts';
import type { Instance, MessageName } from '../../extension/platform/messages.ts';

const A: Instance = {
  id: 'https://a.example',
  origin: 'https://a.example',
  basePath: '',
  name: 'Production',
};

type Answers = { [N in MessageName]?: (request: never) => unknown };

function setUp(answers: Answers, allowed = true) {
  const sent: { name: MessageName; request: unknown }[] = [];
  const asked: string[][] = [];
  const parts: OptionsParts = {
    send: (async (name: MessageName, request: unknown) => {
      sent.push({ name, request });
      const answer = answers[name];
      if (!answer) throw new Error(`no answer to ${name}`);
      return answer(request as never);
    }) as OptionsParts['send'],
    permissions: {
      askForHosts: async (patterns) => {
        asked.push(patterns);
        return allowed;
      },
      holdsClipboardRead: async () => false,
      askForClipboardRead: async () => false,
      giveBackClipboardRead: async () => {},
    },
    shortcuts: { all: async () => [], openSettings: async () => true },
    toolbar: { kind: 'firefox', hasButton: async () => null },
    now: Date.now,
  };
  return { options: createOptions(parts), sent, asked };
}

describe('the options page', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const listOf = (instances: Instance[]): Answers => ({
    'instances.list': () => ({ instances, currentId: instances[0]?.id ?? null }),
    'instance.load': () => ({ state: 'no-access' }),
    'instances.remove': () => ({ ok: true }),
    'instances.restore': () => ({ ok: true }),
  });

  test('asks for a host before anything else, and adds nothing where it is refused', async () => {
    const { options, sent, asked } = setUp({}, false);
    await options.add('https://a.example/projects');
    expect(asked).toEqual([['https://a.example/*']]);
    expect(sent).toEqual([]);
    expect(options.failure.value?.code).toBe('permission.refused');
  });

  test('asks for no host where the address goes to another machine in clear', async () => {
    const { options, asked } = setUp({
      'instances.add': () => ({ ok: false, code: 'url.clear-text', title: '', message: '' }),
    });
    await options.add('http://a.example');
    expect(asked).toEqual([]);
    expect(options.failure.value?.code).toBe('url.clear-text');
  });

  test('asks for the host and adds it once the user wants it in clear', async () => {
    const plain = { ...A, id: 'http://a.example:4242', origin: 'http://a.example:4242' };
    const { options, asked, sent } = setUp({
      ...listOf([plain]),
      'firstRun.write': () => ({ ok: true }),
      'instances.add': ({ allowHttp }: { allowHttp?: boolean }) =>
        allowHttp
          ? { ok: true, instance: plain, loggedIn: true, loginUrl: '', version: '8.2.0' }
          : { ok: false, code: 'url.clear-text', title: '', message: '' },
    });
    options.type(plain.id);
    await options.welcome.typed();
    expect(options.failure.value?.code).toBe('url.clear-text');
    await options.welcome.addInClear();
    expect(asked).toEqual([['http://a.example/*']]);
    expect(options.added.value?.instance).toEqual(plain);
    expect(options.welcome.state.value?.step).toBe('pin');
    const requests = sent.flatMap((one) => (one.name === 'instances.add' ? [one.request] : []));
    expect(requests).toEqual([{ url: plain.id }, { url: plain.id, allowHttp: true }]);
  });

  test('asks again for the host of one in plain http by a pattern, without its port', async () => {
    const plain = { ...A, id: 'http://a.example:4242', origin: 'http://a.example:4242' };
    const { options, asked } = setUp(listOf([plain]));
    await options.allow(plain);
    expect(asked).toEqual([['http://a.example/*']]);
  });

  test('brings a removed instance back at its place while the time runs, and not after it', async () => {
    const { options, sent } = setUp(listOf([A]));
    await options.loadInstances();
    await options.remove(A);
    expect(options.undo.offered.value?.words).toBe('Production removed.');
    await options.undo.take();
    const restored = sent.find(({ name }) => name === 'instances.restore');
    expect(restored?.request).toEqual({ id: A.id, name: 'Production', at: 0, current: true });
    expect(options.undo.offered.value).toBeNull();

    await options.remove(A);
    vi.advanceTimersByTime(UNDO_MS);
    expect(options.undo.offered.value).toBeNull();
    const before = sent.length;
    await options.undo.take();
    expect(sent).toHaveLength(before);
  });

  test('asks again for a host that was taken back, and looks at the instance after it', async () => {
    const { options, sent, asked } = setUp(listOf([A]));
    expect(await options.allow(A)).toBe(true);
    expect(asked).toEqual([['https://a.example/*']]);
    expect(sent.map(({ name }) => name)).toEqual(['instance.load']);
  });

  test('goes from the address to the access, and asks for nothing before the click there', async () => {
    const { options, asked, sent } = setUp({
      'firstRun.read': () => ({ state: { step: 'address', address: 'a.example/projects' } }),
      'firstRun.write': () => ({ ok: true }),
    });
    await options.welcome.begin();
    expect(options.address.value).toBe('a.example/projects');
    await options.welcome.typed();
    expect(options.welcome.state.value).toEqual({ step: 'access', address: 'a.example/projects' });
    expect(options.hostTyped()).toBe('a.example');
    expect(asked).toEqual([]);
    expect(sent.at(-1)?.name).toBe('firstRun.write');
  });

  test('stays at the access while it is refused', async () => {
    const { options } = setUp({ 'firstRun.write': () => ({ ok: true }) }, false);
    options.type('https://a.example');
    await options.welcome.typed();
    await options.welcome.allow();
    expect(options.welcome.state.value?.step).toBe('access');
    expect(options.failure.value?.code).toBe('permission.refused');
  });

  test('says what was not kept, shows what is in force, and lets go of the word with the next that is kept', async () => {
    const noRoom = { ok: false, code: 'store.no-room', title: 'This was not kept', message: 'm' };
    let answer: unknown = noRoom;
    const { options } = setUp({
      ...listOf([A]),
      'settings.read': () => ({ theme: 'system' }),
      'settings.write': () => answer,
      'instances.remove': () => answer,
      'instances.use': () => answer,
    });
    await options.change({ theme: 'dark' });
    expect(options.problem.value).toEqual(noRoom);
    expect(options.settings.value?.theme).toBe('system');
    answer = { ok: true, settings: { theme: 'dark' } };
    await options.change({ theme: 'dark' });
    expect(options.problem.value).toBeNull();
    expect(options.settings.value?.theme).toBe('dark');

    answer = noRoom;
    await options.loadInstances();
    expect(await options.remove(A)).toBe(false);
    expect(options.undo.offered.value).toBeNull();
    expect(await options.use(A)).toBe(false);
    expect(options.problem.value).toEqual(noRoom);
  });

  test('says no recipe to be moved, deleted or back that is not', async () => {
    const recipe = { id: 'r', name: 'Nightly' } as never;
    let answer: unknown = { ok: true, removed: { recipe, position: 0 } };
    const { options } = setUp({
      'recipes.list': () => ({ recipes: [recipe], lastId: null }),
      'recipes.remove': () => answer,
      'recipes.order': () => answer,
      'recipes.restore': () => answer,
    });
    await options.recipes.load();
    expect(await options.recipes.remove(recipe)).toBe(true);
    answer = { ok: false, code: 'recipe.no-room', title: 't', message: 'm' };
    expect(await options.undo.take()).toBe(false);
    expect(options.problem.value?.code).toBe('recipe.no-room');
    expect(await options.recipes.remove(recipe)).toBe(false);
    expect(options.undo.offered.value).toBeNull();
    expect(await options.recipes.move(recipe, 1)).toBe(false);
  });

  test('says so when the browser gives no right to read the clipboard', async () => {
    const { options } = setUp({});
    expect(await options.readClipboard(true)).toBe(false);
    expect(options.readsClipboard.value).toBe(false);
  });
});
