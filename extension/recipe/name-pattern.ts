import { localDate, nameOfUser, untaken } from '../popup/name.ts';

/** The braces that a name may hold, in the order in which they are told to people. */
export const BRACES = ['{user}', '{date}', '{project}', '{env}', '{n}'] as const;
type Brace = (typeof BRACES)[number];

/**
 * Characters in a token's name. Unleash itself has no limit on record; 300 were measured to be taken by every version
 * from 4.19.5 to 8.2.0, and longer ones are a paste gone wrong.
 */
export const NAME_LIMIT = 300;

/** So many projects are named in full in `{project}`. */
const PROJECTS_NAMED = 3;

/** What one token's name is made of. */
export type NameFacts = {
  user: string;
  now: number;
  /** `['*']` is all of them; empty for kinds without a scope. */
  projects: readonly string[];
  /** '' for kinds without a scope. */
  environment: string;
  /** Names in use. */
  taken: readonly string[];
};

export type NameProblem =
  | { is: 'unknown'; brace: string }
  /** A brace that nothing opens, or nothing closes. */
  | { is: 'stray'; brace: string }
  /** A personal or admin token has no project and no environment. */
  | { is: 'no-scope'; brace: string }
  | { is: 'long'; length: number };

/** Whether a name holds a brace, rightly or not. */
export function isPattern(text: string): boolean {
  return /[{}]/.test(text);
}

/** Whether the name differs by project or by environment. */
export function variesByScope(text: string): boolean {
  return text.includes('{project}') || text.includes('{env}');
}

/** Whether it takes knowledge of the names in use to fill it in. */
export function isNumbered(text: string): boolean {
  return text.includes('{n}');
}

/** What is wrong with a pattern, whatever it is filled in with; null when nothing is. */
export function patternProblem(text: string, scoped: boolean): NameProblem | null {
  for (const [brace] of text.matchAll(/\{[^{}]*\}/g)) {
    if (!isBrace(brace)) return { is: 'unknown', brace };
    if (!scoped && (brace === '{project}' || brace === '{env}')) return { is: 'no-scope', brace };
  }
  const [stray] = text.replaceAll(/\{[^{}]*\}/g, '').match(/[{}]/) ?? [];
  if (stray !== undefined) return { is: 'stray', brace: stray };
  return lengthProblem(text);
}

/** A name as it would be sent, if it is too long. */
export function lengthProblem(name: string): NameProblem | null {
  return name.length > NAME_LIMIT ? { is: 'long', length: name.length } : null;
}

function isBrace(text: string): text is Brace {
  return (BRACES as readonly string[]).includes(text);
}

/**
 * The name that a pattern gives: `{n}` is the lowest number from 1 that makes it one that is not taken. A pattern
 * without it that gives a taken name gets a number at its end.
 */
export function fillName(pattern: string, facts: NameFacts): string {
  const text = withoutNumber(pattern, facts);
  if (!isNumbered(text)) return untaken(text, facts.taken);
  const taken = new Set(facts.taken);
  for (let number = 1; ; number += 1) {
    const name = text.replaceAll('{n}', String(number));
    if (!taken.has(name)) return name;
  }
}

/** With user and date in their places, and the rest left for each token of several. */
export function halfFilledName(pattern: string, facts: Pick<NameFacts, 'user' | 'now'>): string {
  return pattern
    .replaceAll('{user}', () => plain(nameOfUser(facts.user)))
    .replaceAll('{date}', () => localDate(facts.now));
}

function withoutNumber(pattern: string, facts: NameFacts): string {
  // All at once: what is put in must not be read as a pattern again.
  return pattern.replaceAll(/\{(user|date|project|env)\}/g, (_, word: string) => {
    if (word === 'user') return plain(nameOfUser(facts.user));
    if (word === 'date') return localDate(facts.now);
    return plain(word === 'project' ? projectsWord(facts.projects) : facts.environment);
  });
}

/** A server names its projects as it likes; a brace of its own must not be filled in, nor refused at the field. */
const plain = (text: string): string => text.replaceAll(/[{}]/g, '');

function projectsWord(projects: readonly string[]): string {
  if (projects.includes('*')) return 'all';
  if (projects.length <= PROJECTS_NAMED) return projects.join('+');
  const named = projects.slice(0, PROJECTS_NAMED - 1);
  return `${named.join('+')}+${projects.length - named.length}`;
}

/** A pattern that gives this name for these facts: what is the user's, today's or the scope's becomes its brace. */
export function patternOf(name: string, facts: Omit<NameFacts, 'taken'>): string {
  const [project, second] = facts.projects;
  const words: [string, Brace][] = [[localDate(facts.now), '{date}']];
  words.push([nameOfUser(facts.user), '{user}']);
  if (project !== undefined && project !== '*' && second === undefined) {
    words.push([project, '{project}']);
  }
  if (facts.environment !== '') words.push([facts.environment, '{env}']);
  return words.reduce((pattern, [word, brace]) => replaceWord(pattern, word, brace), name);
}

/** Only where it stands as a word of its own, outside of braces: `ci` is no part of `cinema`. */
function replaceWord(text: string, word: string, brace: Brace): string {
  const plainWord = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const alone = new RegExp(`(?<![\\p{L}\\p{N}{])${plainWord}(?![\\p{L}\\p{N}}])`, 'gu');
  return text.replace(alone, () => brace);
}
