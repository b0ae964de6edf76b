import { say } from '../../platform/say.ts';

export const RECIPES = {
  title: say('recipes'),
  text: say('recipes_text'),
  none: say('no_recipe'),
  noneText: say('no_recipe_text'),
  forAll: say('every_instance'),
  up: say('move_up'),
  down: say('move_down'),
  moved: (name: string, place: number, of: number) => say('recipe_moved', name, place, of),
  rename: say('rename'),
  name: say('recipe_name'),
  renamed: (name: string) => say('recipe_renamed', name),
  delete: say('delete'),
  deleted: (name: string) => say('recipe_deleted', name),
  back: (name: string) => say('recipe_back', name),
} as const;
