import { expect, test } from 'vitest';
import { plainLine } from '../../shared/plain-line.ts';
import { whoIs } from '../../shared/unleash/who.ts';

const HOSTILE = '\x1b]0;owned\x07me\u202e\r\n\x1b[2Ja\u2028b  c';

test('a line of others holds nothing that a terminal acts on', () => {
  expect(plainLine(HOSTILE)).toBe(']0;owned me [2Ja b c');
  expect(plainLine('José Ñandú <j@x.example>')).toBe('José Ñandú <j@x.example>');
});

test('the name of a token’s owner is cleaned where it comes in', async () => {
  const client = {
    call: async () => ({ ok: true, value: { user: { id: 1, username: HOSTILE } } }),
  };
  const who = await whoIs(client as never);
  expect(who).toMatchObject({ value: { identity: { name: ']0;owned me [2Ja b c' } } });
});
