// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { copiedText } from '../../extension/page/mechanism/copied-text.ts';
import { type CopyEnd, endOf } from '../../extension/page/mechanism/copy-end.ts';
import { delayInWords, whatHappensNext } from '../../extension/page/mechanism/delay-words.ts';
import { themeOfColor } from '../../extension/page/mechanism/theme.ts';
import { describeToken, secureCopy } from '../../extension/page/secure-copy.ts';
import { parseToken } from '../../shared/token/grammar.ts';

const HEX = 'b2'.repeat(28);

describe('what a copy event takes', () => {
  const taken = (target: HTMLElement): string | null => {
    let text: string | null = null;
    const listen = (event: Event) => {
      text = copiedText(event as ClipboardEvent);
    };
    window.addEventListener('copy', listen, { capture: true, once: true });
    target.dispatchEvent(new Event('copy', { bubbles: true, composed: true }));
    return text;
  };

  it('is the selection of the page', () => {
    document.body.innerHTML = '<p>one</p><p>two</p>';
    const second = document.querySelectorAll('p')[1];
    if (!second) throw new Error('no paragraph');
    document.getSelection()?.selectAllChildren(second);
    expect(taken(second)).toBe('two');
  });

  it('is, in a text field, the part of it that is selected', () => {
    document.body.innerHTML = '<input value="before token after">';
    const field = document.querySelector('input');
    if (!field) throw new Error('no field');
    field.setSelectionRange(7, 12);
    expect(taken(field)).toBe('token');
  });
});

describe('the end of a copy', () => {
  it('is what the background says, asked again while the copy still waits', async () => {
    const answers: (CopyEnd | null)[] = ['waiting', 'not-ours'];
    const asked = async () => answers.shift() ?? null;
    expect(await endOf(asked, new AbortController().signal)).toBe('not-ours');
    expect(await endOf(asked, new AbortController().signal)).toBe('unknown');
  });
});

describe('secure copy', () => {
  it('does not listen to events that a script made up', () => {
    const sent: string[] = [];
    const ends = new AbortController();
    secureCopy.init(
      {
        send: async (name: string) => sent.push(name),
        notice: { dismiss: () => sent.push('dismiss') },
      } as never,
      ends.signal,
    );
    document.body.innerHTML = `<p>user:${HEX}</p>`;
    document.getSelection()?.selectAllChildren(document.body);
    const event = new Event('copy', { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { clearData() {}, setData() {} } });
    document.body.dispatchEvent(event);
    ends.abort();
    expect(sent).toEqual([]);
    expect(event.defaultPrevented).toBe(false);
  });

  it.each([
    [`user:${HEX}`, 'personal API token'],
    [`*:*.${HEX}`, 'admin API token'],
    [`default:production.${HEX}`, 'API token for production'],
  ])('names a token without a character of its secret', (text, words) => {
    const token = parseToken(text);
    expect(token && describeToken(token)).toBe(words);
  });
});

describe('the words of the notice', () => {
  it('say when the clipboard is cleared, by delay', () => {
    expect([10, 30, 60, 119, 120, 300].map(delayInWords)).toEqual([
      '10 s',
      '30 s',
      '60 s',
      '119 s',
      '2 min',
      '5 min',
    ]);
    expect(whatHappensNext(30, false)).toBe('Clears in 30 s.');
    expect(whatHappensNext(30, true)).toBe('Clears in 30 s. Clears whatever is there then.');
    expect(whatHappensNext(null, true)).toBe('Stays until you copy something else.');
  });
});

describe('the theme', () => {
  it('is that of the page by what it paints', () => {
    expect(themeOfColor('rgb(255, 255, 255)')).toBe('light');
    expect(themeOfColor('rgb(34, 33, 48)')).toBe('dark');
    expect(themeOfColor('rgba(0, 0, 0, 0)')).toBe('light');
    expect(themeOfColor('')).toBe('light');
  });
});
