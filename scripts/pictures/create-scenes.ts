import { sendFrom } from '../../test/e2e/fixtures/messages.ts';
import {
  fill,
  hasPart,
  heard,
  part,
  press,
  pressIfThere,
  showsText,
} from '../../test/e2e/fixtures/popup-driver.ts';
import type { Camera } from './camera.ts';
import { openPopup, type Scenery } from './scenery.ts';

const RECIPES = [
  { name: 'CI deploy', kind: 'backend', environments: ['production'], namePattern: 'ci-{env}-{n}' },
  { name: 'Edge', kind: 'backend', environments: ['production'], namePattern: 'edge-{date}' },
  { name: 'Terraform', kind: 'personal', environments: [], namePattern: 'terraform-{date}' },
] as const;

/** The Create tab: form, what follows it, recipes, several at once, and what can go wrong. */
export async function drawCreate(scenery: Scenery, draw: Camera): Promise<void> {
  const { front } = scenery;
  let popup = await openPopup(scenery);
  await part(popup, 'button', 'Create and copy');
  await fill(popup, 'textbox', 'Name', 'ci-deploy');
  await draw(popup, 'popup-create');
  await press(popup, 'combobox', 'Environment');
  await part(popup, 'option', 'production');
  await draw(popup, 'popup-environment');
  await press(popup, 'option', 'production');
  await press(popup, 'button', 'Create and copy');
  await heard(popup, 'Copied. Clears in 30 s.');
  await draw(popup, 'popup-created');
  await press(popup, 'button', 'Copy as…');
  await part(popup, 'menuitem', 'curl');
  await draw(popup, 'popup-copy-as');
  await popup.keyboard.press('Escape');
  await press(popup, 'button', 'Done');

  await press(popup, 'radio', 'Personal');
  await fill(popup, 'textbox', 'Description', 'laptop-scripts');
  await draw(popup, 'popup-personal');
  await popup.keyboard.press('Enter');
  await heard(popup, 'Copied. Clears in 30 s.');
  await draw(popup, 'popup-created-personal');
  await press(popup, 'button', 'Done');
  await showsText(popup, 'Just created');
  await draw(popup, 'popup-just-created');
  await fill(popup, 'textbox', 'Description', 'laptop-scripts');
  await popup.keyboard.press('Enter');
  await part(popup, 'button', 'Use laptop-scripts-2');
  await draw(popup, 'popup-error');

  front.mood = { is: 'hanging-up' };
  await fill(popup, 'textbox', 'Description', 'terraform-2');
  await popup.keyboard.press('Enter');
  await showsText(popup, 'Nothing was copied');
  await draw(popup, 'popup-error-server');
  front.mood = { is: 'obedient' };

  for (const { environments, ...recipe } of RECIPES) {
    await sendFrom(popup, 'recipes.save', {
      recipe: {
        ...recipe,
        id: null,
        instanceId: null,
        projects: ['*'],
        environments: [...environments],
        expiresInDays: 30,
        oneEach: false,
      },
    });
  }
  await popup.close();
  popup = await openPopup(scenery);
  await press(popup, 'button', 'CI deploy');
  await showsText(popup, 'CI deploy');
  await draw(popup, 'popup-recipes');
  await press(popup, 'switch', 'One token each');
  await (await part(popup, 'combobox', 'Environments')).focus();
  await popup.keyboard.type('development');
  await popup.keyboard.press('Enter');
  await showsText(popup, 'Makes 2 tokens.');
  await draw(popup, 'popup-one-each');
  await press(popup, 'button', 'Create and copy');
  await heard(popup, '2 tokens created.');
  await draw(popup, 'popup-created-several');
  await press(popup, 'button', 'Done');
  for (;;) {
    await pressIfThere(popup, 'button', 'Dismiss');
    if (!(await hasPart(popup, 'button', 'Dismiss'))) break;
  }
  await popup.close();
}
