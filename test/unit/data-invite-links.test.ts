import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createInviteMask, inTurn } from '../../proxy/data/invite-links.ts';
import { createRedactor, type Redactor } from '../../proxy/data/redactor.ts';

function passed(redactor: Redactor, text: string, cuts: readonly number[]): string {
  const pieces: string[] = [];
  const emit = (piece: Buffer) => pieces.push(piece.toString('latin1'));
  const bytes = Buffer.from(text, 'latin1');
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    redactor.push(Buffer.from(bytes.subarray(from, end)), emit);
    from = end;
  }
  redactor.end(emit);
  return pieces.join('');
}

const cuts = fc.array(fc.nat(), { maxLength: 8 });

test('masks what is called a secret and what a link invites with, wherever it is cut', () => {
  const text =
    '{"data":{"secret":"e4d0c8","name":"x","url":"http://a/new-user?invite=e4d0c8"},"id":1}';
  fc.assert(
    fc.property(cuts, (places) => {
      expect(passed(createInviteMask(), text, places)).toBe(text.replaceAll('e4d0c8', '******'));
    }),
  );
});

test('finds the beginning of a word within the beginning of a word', () => {
  expect(passed(createInviteMask(), '"invinvite=abc" ""secret":"abc"', [])).toBe(
    '"invinvite=***" ""secret":"***"',
  );
});

test('leaves everything else as it is', () => {
  const word = fc.constantFrom('"', 'secret', ':', 'invite', 'e', ',', '\\', '"name":"', 'x');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), cuts, (words, places) => {
      const text = words.join('');
      fc.pre(!text.includes('"secret":"') && !text.includes('invite='));
      expect(passed(createInviteMask(), text, places)).toBe(text);
    }),
  );
});

test('works before the redactor of the PAT', () => {
  const pat = `user:${'ab'.repeat(28)}`;
  const text = `{"token":"${pat}","secret":"e4d0c8"}`;
  fc.assert(
    fc.property(cuts, (places) => {
      const both = inTurn(createInviteMask(), createRedactor(pat));
      const answer = passed(both, text, places);
      expect(answer).toBe(`{"token":"user:${'*'.repeat(56)}","secret":"******"}`);
    }),
  );
});
