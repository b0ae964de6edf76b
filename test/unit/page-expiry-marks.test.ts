// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { dayInWords } from '../../extension/background/day-in-words.ts';
import { endWords } from '../../extension/background/page-words.ts';
import { environmentsOnScreen } from '../../extension/page/flag-shortcut.ts';
import { expiryWords } from '../../extension/page/mechanism/expiry-words.ts';
import { endOfRow, tokensOfRow } from '../../extension/page/mechanism/match-row.ts';
import { findTokenRows, readTokenTable } from '../../extension/page/mechanism/token-table.ts';
import type { TokenEnd } from '../../extension/platform/messages.ts';

const now = new Date('2026-11-24T12:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString();

function token(changes: Partial<TokenEnd> = {}): TokenEnd {
  return {
    name: 'web',
    kind: 'backend',
    projects: ['*'],
    environment: 'development',
    createdAt: '2026-11-03T12:00:00.000Z',
    expiresAt: inDays(30),
    day: '24 Dec 2026',
    ...changes,
  };
}

/** A table as Unleash has it: a head of sort buttons, cells of a box around a span. */
function draw(heads: string[], rows: string[][]): void {
  const head = heads.map(
    (name) => `<th><button><span data-text="${name}">${name}</span>${name}</button></th>`,
  );
  const body = rows.map(
    (cells) =>
      `<tr>${cells.map((cell) => `<td><div><span>${cell}</span></div></td>`).join('')}</tr>`,
  );
  document.body.innerHTML = `<table id="api-urls-table"><thead><tr><th>Type</th></tr></thead></table>
    <table role="table"><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

const HEADS = ['Token name', 'Type', 'Project', 'Environment'];
const ROW = ['web', 'BACKEND</span><span>Connect backend SDK', '*', 'development'];
const read = (of: 'api-tokens' | 'personal-tokens' = 'api-tokens') =>
  findTokenRows(document, of).map(({ text, holder, cell, ...row }) => row);

describe('the token table', () => {
  it('is read by the words above its columns, in the words of old versions too', () => {
    draw(HEADS, [ROW]);
    const row = { name: 'web', kind: 'backend', project: '*', environment: 'development' };
    expect(read()).toEqual([row]);
    draw(
      ['', 'Username', 'Type', 'Project', 'Environment', 'Created'],
      [
        [
          '',
          'web',
          'CLIENT</span><span>Connect server-side SDK',
          '2 projects',
          'development',
          '11/24/2026',
        ],
      ],
    );
    expect(read()).toEqual([{ ...row, project: 2, created: '11/24/2026' }]);
    draw(['Description', 'Expires', 'Created'], [['laptop', '12/01/2026', '11/24/2026']]);
    expect(read('personal-tokens')).toEqual([{ name: 'laptop', created: '11/24/2026' }]);
  });

  it('is none where its name column is renamed or doubled, where there are two, or where it is the other one', () => {
    draw(['Label', ...HEADS.slice(1)], [ROW]);
    expect(read()).toEqual([]);
    draw(['Token name', ...HEADS], [['web', ...ROW]]);
    expect(read()).toEqual([]);
    draw(HEADS, [ROW]);
    expect(read('personal-tokens')).toEqual([]);
    document.body.insertAdjacentHTML('beforeend', document.body.innerHTML);
    expect(read()).toEqual([]);
  });

  it('passes over a row that is no token, of a kind not known or of another length', () => {
    draw(HEADS, [['web', 'SOMETHING', '*', 'development'], ['No tokens'], ROW]);
    expect(read()).toHaveLength(1);
  });
});

describe('a table that is looked at again', () => {
  it('is read anew in the rows that changed, and as a whole where its columns did', () => {
    draw(HEADS, [ROW, ROW]);
    const table = readTokenTable(document, 'api-tokens');
    const [first, second] = table.rows();
    const [row] = document.querySelectorAll('table[role="table"] tbody tr');
    const name = first?.text as HTMLElement;
    name.textContent = 'mobile';
    expect(table.rows()).toEqual([first, second]);
    table.forget({ beyondRows: false, rows: new Set([row as Element]) });
    const after = table.rows();
    expect(after.map((one) => one.name)).toEqual(['mobile', 'web']);
    expect(after[1]).toBe(second);

    for (const cells of document.querySelectorAll('table[role="table"] tr'))
      cells.lastElementChild?.remove();
    table.forget({ beyondRows: true, rows: new Set() });
    expect(table.rows().map(({ environment }) => environment)).toEqual([undefined, undefined]);
    document.body.replaceChildren();
    table.forget({ beyondRows: true, rows: new Set() });
    expect(table.rows()).toEqual([]);
  });
});

describe('a row', () => {
  const row = { name: 'web', kind: 'backend', project: '*', environment: 'development' } as never;
  const endOf = (tokens: TokenEnd[]) => endOfRow(tokensOfRow(row, tokens))?.expiresAt;

  it('has the end of the one token that agrees with all that it shows', () => {
    const others = [
      token({ name: 'web2', expiresAt: inDays(1) }),
      token({ kind: 'frontend', expiresAt: inDays(2) }),
      token({ environment: 'production', expiresAt: inDays(3) }),
      token({ projects: ['default'], expiresAt: inDays(4) }),
      token({ projects: ['a', 'b'], expiresAt: inDays(5) }),
    ];
    expect(endOf([...others, token()])).toBe(inDays(30));
    expect(endOf(others)).toBeUndefined();
  });

  it('has none where two tokens look alike and end at different times, and one where they end together', () => {
    expect(endOf([token(), token({ expiresAt: null })])).toBeUndefined();
    expect(endOf([token(), token()])).toBe(inDays(30));
    expect(endOf([token({ expiresAt: null })])).toBeNull();
  });

  it('is told from its like by the date of creation, in whatever order that is written, but not by a day', () => {
    const early = token({ createdAt: '2026-10-12T12:00:00.000Z', expiresAt: inDays(1) });
    const shown = (created: string) =>
      endOfRow(tokensOfRow({ ...(row as object), created } as never, [token(), early]))?.expiresAt;
    for (const date of ['11/03/2026', '03.11.2026', '2026-11-03', '04/11/2026']) {
      expect(shown(date), date).toBe(inDays(30));
    }
    expect(shown('10/12/2026')).toBe(inDays(1));
    expect(shown('11/20/2026')).toBeUndefined();
    const nextDay = token({ createdAt: '2026-11-04T12:00:00.000Z', expiresAt: inDays(2) });
    expect(
      endOfRow(
        tokensOfRow({ ...(row as object), created: '11/03/2026' } as never, [token(), nextDay]),
      ),
    ).toBeUndefined();
  });
});

describe('an end in words', () => {
  const inWords = dayInWords(now, 'en-GB');
  const words = (expiresAt: string | null, soonDays = 7) =>
    expiryWords({ expiresAt, day: inWords(expiresAt) }, now, endWords(soonDays), soonDays);

  it('warns from as many days before it on as the setting says', () => {
    expect(words(inDays(5), 3)?.tone).toBe('calm');
    expect(words(inDays(5), 7)?.tone).toBe('soon');
    expect(words(inDays(25), 30)).toMatchObject({ tone: 'soon', short: 'Expires in 25 days' });
  });

  it('is a date when far, a number of days from seven on, of hours on the last, and past when past', () => {
    expect(words(inDays(28))).toMatchObject({ tone: 'calm', short: 'until 22 Dec 2026' });
    expect(words(inDays(6.9))).toMatchObject({ tone: 'soon', short: 'Expires in 7 days' });
    expect(words(inDays(1.2))).toMatchObject({ tone: 'soon', short: 'Expires in 1 day' });
    expect(words(inDays(0.5))).toMatchObject({ tone: 'soon', short: 'Expires in 12 h' });
    expect(words(inDays(-21))).toMatchObject({ tone: 'past', short: 'Expired 3 Nov' });
    expect(words(inDays(-400))?.short).toBe('Expired 20 Oct 2025');
  });

  it('is nothing for never, for a thousand years and for what is no date', () => {
    for (const end of [null, '3026-01-01T00:00:00Z', 'soon']) expect(words(end)).toBeNull();
  });
});

describe('the environments of a flag', () => {
  const drawn = (...names: string[]) => {
    document.body.innerHTML = names
      .map((name) => `<div data-testid="FEATURE_ENVIRONMENT_ACCORDION_${name}"></div>`)
      .join('');
    return environmentsOnScreen(document);
  };

  it('are those on screen from top to bottom, nine at most, and none where one is there twice', () => {
    expect(drawn('development', 'production')).toEqual(['development', 'production']);
    expect(drawn(...'abcdefghijk')).toHaveLength(9);
    expect(drawn('development', 'development')).toEqual([]);
    expect(drawn('')).toEqual([]);
    expect(drawn()).toEqual([]);
  });
});
