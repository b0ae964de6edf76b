import { describe, expect, it } from 'vitest';
import type { Exchange, StepContext } from '../../proxy/data/exchange.ts';
import { headerLines } from '../../proxy/data/steps/header-lines.ts';

const check = (lines: string[]) =>
  headerLines.check({ lines } as unknown as Exchange, {} as StepContext);

describe('header lines', () => {
  it('pass with blanks in their values', () => {
    expect(check(['host', 'localhost:4280', 'x-note', ' a b '])).toBeNull();
  });

  it.each([' ', '\t'])(
    'with %j before the colon are refused, as Node 20.19 lets them in',
    (blank) => {
      expect(check(['host', 'localhost:4280', `host${blank}`, 'evil'])).toMatchObject({
        code: 'request.framing',
      });
    },
  );
});
