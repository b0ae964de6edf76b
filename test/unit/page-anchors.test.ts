// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { environmentsOnScreen } from '../../extension/page/flag-shortcut.ts';
import { findShownSecret } from '../../extension/page/mechanism/shown-secret.ts';
import { findTokenRows } from '../../extension/page/mechanism/token-table.ts';
import { findBreadcrumbs, findNewTokenButton } from '../../extension/page/quick-create.ts';

const SECRET = `user:${'a1'.repeat(28)}`;
const API_ACCESS = { page: 'api-access' } as const;
const PERSONAL = { page: 'personal-tokens' } as const;

/** What each feature goes by: as Unleash has it, and the word in it that a new version could write otherwise. */
const ANCHORS = [
  {
    anchor: 'the button for a new API token',
    html: '<button data-testid="CREATE_API_TOKEN_BUTTON">New API token</button>',
    word: 'CREATE_API_TOKEN_BUTTON',
    isFound: () => findNewTokenButton(document, API_ACCESS) !== null,
  },
  {
    anchor: 'the button for a new personal token',
    html: '<button>New token</button>',
    word: 'New token',
    isFound: () => findNewTokenButton(document, PERSONAL) !== null,
  },
  {
    anchor: 'the breadcrumbs',
    html: '<nav aria-label="Breadcrumbs"><ol><li>projects</li></ol></nav>',
    word: 'Breadcrumbs',
    isFound: () => findBreadcrumbs(document) !== null,
  },
  {
    anchor: 'the environments of a flag',
    html: '<div data-testid="FEATURE_ENVIRONMENT_ACCORDION_development"></div>',
    word: 'FEATURE_ENVIRONMENT_ACCORDION_',
    isFound: () => environmentsOnScreen(document).length > 0,
  },
  ...['role="table"', 'Token name', 'Type'].map((word) => ({
    anchor: `the token table by ${word}`,
    html: `<table role="table"><thead><tr><th>Token name</th><th>Type</th></tr></thead>
      <tbody><tr><td><div><span>web</span></div></td><td>BACKEND</td></tr></tbody></table>`,
    word,
    isFound: () => findTokenRows(document, 'api-tokens').length > 0,
  })),
  {
    anchor: 'the dialog that shows a secret once',
    html: `<div role="dialog"><h2 id="simple-modal-title">Created</h2><div>${SECRET}</div></div>`,
    word: 'simple-modal-title',
    isFound: () => findShownSecret(document) !== null,
  },
];

describe.each(ANCHORS)('$anchor', ({ html, word, isFound }) => {
  const draw = (content: string) => {
    document.body.innerHTML = `<div id="app">${content}</div>`;
  };

  it('is found as Unleash has it', () => {
    draw(html);
    expect(isFound()).toBe(true);
  });

  it.each([
    ['renamed', html.replace(word, 'SOMETHING_ELSE')],
    ['gone', ''],
    ['there twice', html + html],
  ])('is none where it is %s, and nothing throws', (_, changed) => {
    draw(changed);
    expect(isFound()).toBe(false);
  });
});
