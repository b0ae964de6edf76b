import type { CreatedToken } from '../platform/messages.ts';
import { say } from '../platform/say.ts';

export type TokenWithSecret = { token: CreatedToken; secret: string };

/**
 * Several tokens as one block of text: a line for each. With comments, the line above each says which it is, in a form
 * that shells, `.env` files and YAML pass over.
 */
export function tokenBlock(tokens: readonly TokenWithSecret[], comments: boolean): string {
  const lines = tokens.flatMap(({ token, secret }) =>
    comments ? [`# ${describe(token)}`, secret] : [secret],
  );
  return `${lines.join('\n')}\n`;
}

function describe({ name, kind, projects, environment }: CreatedToken): string {
  const where = projects.includes('*') ? say('all_projects_lower') : projects.join(' + ');
  const parts = [kind, where, environment ?? ''].filter((part) => part !== '');
  return oneLine(`${name} (${parts.join(', ')})`);
}

/** A name with a line break in it must not end the comment and begin a line of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
