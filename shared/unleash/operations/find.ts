import type { NamedSubject, NamingPlace, Operation, OperationEffect } from '../operation.ts';
import { DESCRIBED } from './table.generated.ts';
import { UNDESCRIBED } from './undescribed.ts';

/** A line of a table; its operation is read when a request first means it, since most of them nobody ever asks for. */
type Entry = { line: string; tags: string[]; operation: Operation | null };
/** One segment of the paths: literal children before the one parameter. */
type Branch = {
  entry: Entry | null;
  literals: Map<string, Branch>;
  parameter: Branch | null;
};
/** What there is for one method. */
type MethodIndex = { exact: Map<string, Entry>; tree: Branch };

const PREFIX = '/api/admin/';

/**
 * Segments below which an operation that we do not know may show or make a credential, even by a GET; as a regular
 * expression, for whoever writes these rules for another program.
 */
export const CREDENTIAL_SEGMENTS =
  '(?:api-tokens?|tokens?|service-accounts?|invite-links?|user-admin|addons?|integrations?|signal[^/]*|auth|sso|oidc|saml|ldap|scim|licen[cs]e|secrets?|credentials?|passwords?|[^/]*-passwords?)';

const CREDENTIAL_TERRITORY = new RegExp(`/${CREDENTIAL_SEGMENTS}(?:/|$)`);

const UNKNOWN_READ = { operation: null, effect: 'read' } as const;
const UNKNOWN_MINT = { operation: null, effect: 'mint' } as const;

/** By method, each made when it is first asked for. */
const indexes = new Map<string, MethodIndex>();

/** All operations of all supported servers, in the order of the tables. */
export function allOperations(): Operation[] {
  return [...parseOperations(DESCRIBED), ...parseOperations(UNDESCRIBED)];
}

/**
 * The operation of a request. The same request gives the same object.
 *
 * @param method in capitals; HEAD is looked up as GET
 * @param path canonical, in lower case, without base path, query or slash at the end
 */
export function findOperation(method: string, path: string): Operation | null {
  const { exact, tree } = indexOf(method === 'HEAD' ? 'GET' : method);
  const entry =
    exact.get(path) ?? (path.startsWith(PREFIX) ? descend(tree, path, PREFIX.length) : null);
  if (entry === null) return null;
  entry.operation ??= parseLine(entry.line, entry.tags);
  return entry.operation;
}

/**
 * What a request means for the leash. What we do not know is held to be worse: a write mints, and
 * so does a read where credentials lie.
 */
export function effectOf(
  method: string,
  path: string,
): { operation: Operation | null; effect: OperationEffect } {
  const operation = findOperation(method, path);
  if (operation !== null) return { operation, effect: operation.effect };
  const harmless =
    (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') &&
    !CREDENTIAL_TERRITORY.test(path);
  return harmless ? UNKNOWN_READ : UNKNOWN_MINT;
}

/**
 * Reads the form of the tables: `# Tag` opens a group, then `METHOD effect path id naming…` a line, the naming in the
 * words of naming-judgements.ts.
 */
export function parseOperations(table: string): Operation[] {
  const operations: Operation[] = [];
  eachLine(table, (line, tags) => operations.push(parseLine(line, tags)));
  return operations;
}

function eachLine(table: string, take: (line: string, tags: string[]) => void): void {
  let tags: string[] = [];
  for (const line of table.split('\n')) {
    if (line.startsWith('# ')) tags = line.slice(2).split(', ');
    else if (line !== '') take(line, tags);
  }
}

function parseLine(line: string, tags: string[]): Operation {
  const [method, effect, rest, id, ...naming] = line.split(' ') as [
    Operation['method'],
    OperationEffect,
    string,
    string,
    ...string[],
  ];
  const path = `${PREFIX}${rest}`;
  return { id, method, path, tags, effect, names: parseNaming(naming, path) };
}

function parseNaming(naming: readonly string[], path: string): Operation['names'] {
  const names: Operation['names'] = {};
  for (const word of naming) {
    const equals = word.indexOf('=');
    const subject = word.slice(0, equals) as NamedSubject;
    names[subject] = word
      .slice(equals + 1)
      .split(',')
      .map((place) => parsePlace(place, path));
  }
  return names;
}

/** A place that names nothing which is there counts as `all`: a slip in the table must not let anything through. */
function parsePlace(word: string, path: string): NamingPlace {
  if (word.startsWith('{')) {
    const segment = path.slice(1).split('/').indexOf(word);
    return segment < 0 ? { in: 'all' } : { in: 'path', segment };
  }
  const slash = word.indexOf('/');
  if (slash < 0) return { in: 'all' };
  const pointer = word.slice(slash + 1).split('/');
  if (word.startsWith('!')) return { in: 'all-with-body', pointer };
  return { in: 'body', pointer, optional: word.startsWith('?') };
}

function indexOf(method: string): MethodIndex {
  const known = indexes.get(method);
  if (known !== undefined) return known;
  const exact = new Map<string, Entry>();
  const tree = newBranch();
  const add = (line: string, tags: string[]) => {
    if (!line.startsWith(`${method} `)) return;
    // Method, effect, path.
    const [, , rest = ''] = line.split(' ', 3);
    const entry = { line, tags, operation: null };
    if (rest.includes('{')) rest.split('/').reduce(child, tree).entry = entry;
    else exact.set(`${PREFIX}${rest}`.toLowerCase(), entry);
  };
  eachLine(DESCRIBED, add);
  eachLine(UNDESCRIBED, add);
  const made = { exact, tree };
  // What a request calls its method is anything.
  if (exact.size > 0 || tree.literals.size > 0) indexes.set(method, made);
  return made;
}

function child(branch: Branch, segment: string): Branch {
  if (segment.startsWith('{')) {
    branch.parameter ??= newBranch();
    return branch.parameter;
  }
  const literal = segment.toLowerCase();
  const known = branch.literals.get(literal);
  if (known !== undefined) return known;
  const added = newBranch();
  branch.literals.set(literal, added);
  return added;
}

function newBranch(): Branch {
  return { entry: null, literals: new Map(), parameter: null };
}

/** Goes back to the parameter where a literal leads nowhere: a flag may be called `validate`. */
function descend(branch: Branch, path: string, from: number): Entry | null {
  const slash = path.indexOf('/', from);
  const end = slash === -1 ? path.length : slash;
  if (end === from) return null;
  const literal = branch.literals.get(path.slice(from, end));
  if (literal !== undefined) {
    const found = slash === -1 ? literal.entry : descend(literal, path, end + 1);
    if (found !== null) return found;
  }
  const { parameter } = branch;
  if (parameter === null) return null;
  return slash === -1 ? parameter.entry : descend(parameter, path, end + 1);
}
