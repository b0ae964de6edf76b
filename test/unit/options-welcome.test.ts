import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import { createWelcome } from '../../extension/options/welcome-store.ts';
import type { FirstRun } from '../../extension/platform/messages.ts';

/** What lies on disk after `typed` stood in the field of the set-up and it went to `step`. */
async function keptAfter(typed: string, step: FirstRun['step']): Promise<FirstRun[]> {
  const kept: FirstRun[] = [];
  const { go } = createWelcome({
    send: (async (_: string, state: FirstRun) => void kept.push(state)) as never,
    instances: { address: signal(typed) } as never,
    toolbar: { kind: 'firefox', hasButton: async () => null },
  });
  await go(step);
  return kept;
}

const TOKENS = [`user:${'a'.repeat(56)}`, `*:development.${'b'.repeat(56)}`, 'c'.repeat(64)];

test.each([
  ...TOKENS,
  ...TOKENS.map((token) => `https://unleash.example.com/${token}`),
  'https://ada:secret@unleash.example.com',
  'ada:secret@unleash.example.com',
  'https://unleash.example.com/?token=secret',
  'my password',
])('the set-up keeps nothing of "%s"', async (typed) => {
  for (const step of ['address', 'access', 'done'] as const) {
    expect(await keptAfter(typed, step)).toEqual([{ step, address: '' }]);
  }
});

test('the set-up keeps an address until it is done', async () => {
  const typed = ' unleash.example.com/flags ';
  expect(await keptAfter(typed, 'access')).toEqual([
    { step: 'access', address: 'unleash.example.com/flags' },
  ]);
  expect(await keptAfter(typed, 'done')).toEqual([{ step: 'done', address: '' }]);
});
