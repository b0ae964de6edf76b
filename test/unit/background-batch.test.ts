import { describe, expect, test } from 'vitest';
import { createBatches } from '../../extension/background/batch.ts';
import { tokenBlock } from '../../extension/background/token-block.ts';
import type { CreatedToken, CreateRequest, Failure } from '../../extension/platform/messages.ts';
import { fakeStore } from './background-fake-browser.ts';

const instance = {
  id: 'https://unleash.example.com',
  origin: 'https://unleash.example.com',
  basePath: '',
  name: 'unleash.example.com',
};
const requestFor = (project: string): CreateRequest => ({
  kind: 'backend',
  name: `ci-${project}`,
  projects: [project],
  environment: 'production',
  expiresAt: null,
});
const createdOf = ({ name, projects, environment }: CreateRequest): CreatedToken => ({
  id: name,
  instanceId: instance.id,
  kind: 'backend',
  name,
  projects,
  environment,
  expiresAt: null,
  owner: null,
  masked: '',
  shownOnce: false,
  keptUntil: 0,
  createdAt: 0,
  sentTo: null,
});
const failed = (code: string): Failure => ({ ok: false, code, title: code, message: '' });
const three = ['a', 'b', 'c'].map(requestFor);
let ids = 0;
const randomId = () => `id-${++ids}`;

describe('several tokens by one press', () => {
  test('are made one after the other, and each is told as soon as it is made', async () => {
    const batches = createBatches({ session: fakeStore(), randomId });
    const seen: unknown[] = [];
    await batches.run(instance, three, async (request) => {
      seen.push((await batches.state(instance.id))?.items.map(({ is }) => is));
      return { ok: true, created: createdOf(request) };
    });
    expect(seen).toEqual([
      ['making', 'waiting', 'waiting'],
      ['made', 'making', 'waiting'],
      ['made', 'made', 'making'],
    ]);
    expect(await batches.state(instance.id)).toMatchObject({ running: false });
  });

  test('of which one fails leave the others made', async () => {
    const batches = createBatches({ session: fakeStore(), randomId });
    const batch = await batches.run(instance, three, async (request) =>
      request.projects[0] === 'b'
        ? failed('api-token.project-unknown')
        : { ok: true, created: createdOf(request) },
    );
    expect(batch.items.map(({ is }) => is)).toEqual(['made', 'failed', 'made']);
  });

  test.each(['auth.not-logged-in', 'server.timeout', 'api-token.limit', 'no-access'])(
    'end with %s, which the next would meet too',
    async (code) => {
      const batches = createBatches({ session: fakeStore(), randomId });
      const batch = await batches.run(instance, three, async (request) =>
        request.projects[0] === 'b' ? failed(code) : { ok: true, created: createdOf(request) },
      );
      expect(batch.items.map(({ is }) => is)).toEqual(['made', 'failed', 'skipped']);
    },
  );

  test('go on after one that throws', async () => {
    const batches = createBatches({ session: fakeStore(), randomId });
    const batch = await batches.run(instance, three, async (request) => {
      if (request.projects[0] === 'b') throw new Error('storage');
      return { ok: true, created: createdOf(request) };
    });
    expect(batch.items.map(({ is }) => is)).toEqual(['made', 'failed', 'made']);
  });

  test('are told as interrupted when the background ended in the middle', async () => {
    const session = fakeStore();
    const first = createBatches({ session, randomId });
    void first.run(instance, three, async (request) =>
      request.projects[0] === 'a'
        ? { ok: true, created: createdOf(request) }
        : new Promise(() => undefined),
    );
    await expect
      .poll(async () => (await first.state(instance.id))?.items.map(({ is }) => is))
      .toEqual(['made', 'making', 'waiting']);
    const next = createBatches({ session, randomId });
    const batch = await next.state(instance.id);
    expect(batch?.running).toBe(false);
    expect(batch?.items).toMatchObject([
      { is: 'made' },
      { is: 'failed', failure: { code: 'batch.interrupted' } },
      { is: 'skipped' },
    ]);
  });
});

describe('several tokens as one block', () => {
  const tokens = [
    { token: createdOf(requestFor('checkout')), secret: 'checkout:production.1' },
    { token: { ...createdOf(requestFor('x')), projects: ['*'] }, secret: '*:production.2' },
  ];

  test('have a line each, and above it one that says which it is', () => {
    expect(tokenBlock(tokens, true)).toBe(
      [
        '# ci-checkout (backend, checkout, production)',
        'checkout:production.1',
        '# ci-x (backend, all projects, production)',
        '*:production.2',
        '',
      ].join('\n'),
    );
  });

  test('without comments are lines alone', () => {
    expect(tokenBlock(tokens, false)).toBe('checkout:production.1\n*:production.2\n');
  });

  test('keep a name with line breaks inside its comment', () => {
    const [first] = tokens;
    if (!first) throw new Error('none');
    const name = 'a\nexport PATH=/tmp\u2028b\r\n';
    const block = tokenBlock([{ ...first, token: { ...first.token, name } }], true);
    expect(block.split(/[\n\r\u2028\u2029]/)).toHaveLength(3);
  });
});
