import { say, sayCount } from '../../platform/say.ts';
import type { NameProblem } from '../../recipe/name-pattern.ts';
import { BRACES, NAME_LIMIT } from '../../recipe/name-pattern.ts';
import { TOKENS_LIMIT } from '../../recipe/tokens-of-form.ts';

/** What the popup says of recipes, name patterns, and several tokens at once. */
export const RECIPES = {
  row: say('recipes'),
  last: (name: string) => say('recipe_last', name),
  lastHint: say('recipe_last_hint'),
  from: (name: string) => say('from_recipe', name),
  saveThis: say('save_as_recipe'),
  edit: say('edit_recipes'),
  saveTitle: say('save_as_recipe'),
  changeTitle: (name: string) => say('change_recipe', name),
  name: say('recipe_name'),
  pattern: say('name_pattern'),
  patternHint: say('may_hold', BRACES.join(' ')),
  gives: (name: string) => say('gives', name),
  givesSeveral: (first: string, count: number) => say('gives_several', first, count - 1),
  everywhere: say('every_instance'),
  everywhereHint: say('only_this'),
  save: say('save'),
  cancel: say('cancel'),
  back: say('back_to_form'),
  saved: (name: string) => say('recipe_saved', name),
  editTitle: say('recipes'),
  none: say('no_recipes'),
  change: say('change'),
  moveUp: say('move_up'),
  moveDown: say('move_down'),
  remove: say('delete'),
  removed: (name: string) => say('recipe_deleted', name),
  undo: say('undo'),
  restored: (name: string) => say('recipe_back', name),
  lostProjects: (names: readonly string[]) =>
    say(
      'lost_names',
      names.map((name) => (name === '*' ? say('all_projects_lower') : name)).join(', '),
    ),
  lostEnvironments: (names: readonly string[]) => say('lost_names', names.join(', ')),
  oneEach: say('one_each'),
  oneEachHint: (count: number) => (count > 1 ? say('makes_tokens', count) : say('for_each')),
  environments: say('environments'),
  addEnvironment: say('add_environment'),
  chooseEnvironment: say('choose_environment'),
  tooMany: (count: number) => say('too_many', count, TOKENS_LIMIT),
} as const;

/** What is wrong with a name or a pattern, and what to do. */
export function nameProblemWords(problem: NameProblem): string {
  switch (problem.is) {
    case 'unknown':
      return say('brace_unknown', problem.brace, BRACES.join(' '));
    case 'stray':
      return say('brace_stray', problem.brace, BRACES.join(' '));
    case 'no-scope':
      return say('brace_no_scope', problem.brace);
    case 'long':
      return say('name_long', problem.length, NAME_LIMIT);
  }
}

export const BATCH = {
  making: (at: number, count: number) => say('creating_of', at, count),
  keepsGoing: say('keeps_going'),
  all: (count: number) => sayCount('tokens_created', count),
  some: (made: number, count: number) => say('some_created', made, count),
  list: say('tokens_of_press'),
  states: {
    waiting: say('waiting'),
    making: say('creating'),
    made: say('made'),
    failed: say('not_made'),
    skipped: say('not_tried'),
  },
  copyAgain: say('copy_again'),
  copyBare: say('copy_bare'),
  rest: (count: number) => say('try_rest', count),
  nothing: say('nothing_copied'),
  block: say('block_text'),
  done: say('done'),
} as const;
