import type { NameProblem } from '../../recipe/name-pattern.ts';
import { BRACES, NAME_LIMIT } from '../../recipe/name-pattern.ts';
import { TOKENS_LIMIT } from '../../recipe/tokens-of-form.ts';

/** What the popup says of recipes, name patterns, and several tokens at once. */
export const RECIPES = {
  row: 'Recipes',
  last: (name: string) => `Last: ${name}`,
  lastHint: 'Alt+L creates with it at once',
  from: (name: string) => `from recipe ${name}`,
  saveThis: 'Save as recipe',
  edit: 'Edit recipes',
  saveTitle: 'Save as recipe',
  changeTitle: (name: string) => `Change ${name}`,
  name: 'Recipe name',
  pattern: 'Name pattern',
  patternHint: `May hold ${BRACES.join(' ')}.`,
  gives: (name: string) => `Gives ${name}`,
  givesSeveral: (first: string, count: number) => `Gives ${first} and ${count - 1} more`,
  everywhere: 'For every instance',
  everywhereHint: 'Else only for this one.',
  save: 'Save',
  cancel: 'Cancel',
  back: 'Back to the form',
  saved: (name: string) => `Recipe ${name} saved.`,
  editTitle: 'Recipes',
  none: 'No recipes yet. Fill in the form, then save it as a recipe.',
  change: 'Change',
  moveUp: 'Move up',
  moveDown: 'Move down',
  remove: 'Delete',
  removed: (name: string) => `Recipe ${name} deleted.`,
  undo: 'Undo',
  restored: (name: string) => `Recipe ${name} is back.`,
  lostProjects: (names: readonly string[]) =>
    `The recipe names ${names.map((name) => (name === '*' ? 'all projects' : name)).join(', ')}, which you cannot choose here. Choose another.`,
  lostEnvironments: (names: readonly string[]) =>
    `The recipe names ${names.join(', ')}, which you cannot choose here. Choose another.`,
  oneEach: 'One token each',
  oneEachHint: (count: number) =>
    count > 1 ? `Makes ${count} tokens.` : 'For each project in each environment.',
  environments: 'Environments',
  addEnvironment: 'Add an environment',
  chooseEnvironment: 'Choose an environment',
  tooMany: (count: number) =>
    `That would be ${count} tokens. Choose less, up to ${TOKENS_LIMIT} at once.`,
} as const;

/** What is wrong with a name or a pattern, and what to do. */
export function nameProblemWords(problem: NameProblem): string {
  switch (problem.is) {
    case 'unknown':
      return `Tokenleash does not know ${problem.brace}. It knows ${BRACES.join(' ')}.`;
    case 'stray':
      return `A “${problem.brace}” stands alone. Take it out, or write one of ${BRACES.join(' ')}.`;
    case 'no-scope':
      return `This kind of token has no project and no environment. Take ${problem.brace} out.`;
    case 'long':
      return `This name has ${problem.length} characters. Take ${NAME_LIMIT} or fewer.`;
  }
}

export const BATCH = {
  making: (at: number, count: number) => `Creating ${at} of ${count}`,
  keepsGoing: 'It goes on when the popup closes.',
  all: (count: number) => (count === 1 ? '1 token created' : `${count} tokens created`),
  some: (made: number, count: number) => `${made} of ${count} tokens created`,
  list: 'Tokens of this press',
  states: {
    waiting: 'Waiting',
    making: 'Creating',
    made: 'Created',
    failed: 'Not created',
    skipped: 'Not tried',
  },
  copyAgain: 'Copy again',
  copyBare: 'Copy without comments',
  rest: (count: number) => (count === 1 ? 'Try 1 again' : `Try ${count} again`),
  nothing: 'Nothing was copied',
  block: 'One line each, with a comment above that names it.',
  done: 'Done',
} as const;
