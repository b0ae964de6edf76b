// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { findShownSecret } from '../../extension/page/mechanism/shown-secret.ts';

const HEX = 'a1'.repeat(28);
const V2 = `v2_${'A'.repeat(22)}_${'b'.repeat(43)}`;
const PERSONAL = `user:${HEX}`;

/** The dialog of Unleash 8.2.0, without the class names. */
function dialog({
  secret = PERSONAL,
  heading = 'Personal API token created',
  id = 'simple-modal-title',
  role = 'dialog',
} = {}): string {
  return `<div role="${role}"><h2 id="${id}">${heading}</h2><div><p>Your token:</p>
    <div class="holder">${secret}<button aria-label="Copy token"><svg></svg></button></div></div>
    <button>Close</button></div>`;
}

const find = (html: string) => {
  document.body.innerHTML = html;
  return findShownSecret(document);
};

beforeEach(() => {
  document.body.innerHTML = '';
});

describe('a secret shown once', () => {
  it('is found with its heading and with what holds it and its button', () => {
    const found = find(dialog());
    expect(found?.secret).toBe(PERSONAL);
    expect(found?.heading).toBe('Personal API token created');
    expect(found?.isPersonal).toBe(true);
    expect(found?.holder.className).toBe('holder');
  });

  it('is found by the words of the heading where its id was renamed', () => {
    expect(find(dialog({ id: 'title-7' }))?.secret).toBe(PERSONAL);
  });

  it('is found where a page writes space around it, and where the copy button is another', () => {
    expect(find(dialog({ secret: `\n  ${PERSONAL}  ` }))?.secret).toBe(PERSONAL);
    expect(find(dialog().replace('Copy token', 'Copy'))?.secret).toBe(PERSONAL);
  });

  it.each([`*:development.${V2}`, `default:production.${V2}`, `user:${V2}`])(
    'is one that the server stores as a hash alone: %s',
    (secret) => {
      expect(find(dialog({ secret, heading: 'New token created' }))?.secret).toBe(secret);
    },
  );

  it.each([
    ['that Unleash gives again at any time', `*:development.${HEX}`],
    ['of the proxy, worth nothing elsewhere', `user:tl_${'c'.repeat(43)}`],
    ['that is part of a sentence', `Your token is ${PERSONAL}`],
    ['cut short', PERSONAL.slice(0, -1)],
  ])('is none: a token %s', (_, secret) => {
    expect(find(dialog({ secret, heading: 'New token created' }))).toBeNull();
  });

  it('is none outside a dialog, under a strange heading, or where hiding it would hide the heading', () => {
    expect(find(dialog({ role: 'main' }))).toBeNull();
    expect(find(dialog({ id: 'x', heading: 'Delete token?' }))).toBeNull();
    expect(
      find(`<div role="dialog">${PERSONAL}<h2 id="simple-modal-title">Token</h2></div>`),
    ).toBeNull();
  });

  it('is found in the inner one of two nested dialogs, as 5.6 to 7.6 have them', () => {
    expect(find(`<div role="dialog">${dialog()}</div>`)?.holder.className).toBe('holder');
  });
});
