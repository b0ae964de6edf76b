import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'vite';

const root = join(import.meta.dirname, '../..');

type Node = { type: string; start: number; end: number; [key: string]: unknown };

/** `say('key', a, b)`: `values` is how many it is given, null where that is not known there. */
export type Said = { file: string; key: string; values: number | null; counts: boolean };

/** What looks like words and is none that a person reads. */
const NO_WORDS: readonly [text: RegExp, why: string][] = [
  [/^(?:Token|Un)leash$|^Tokenleash(?::| · )/, 'a name'],
  [/^https?:/, 'an address'],
  [/^…-/, 'the id of an element'],
  [/^one showing$/, 'a name in code'],
  [/^(?:Chromium|Firefox)$/, 'a name, which the proxy lists'],
  [/^tokenleash /, 'a command to type'],
  [/^(?:Alt|Control)\+[A-Z]|^Arrow(?:Left|Right)$/, 'keys'],
  [/^TimeoutError$/, 'a name in code'],
  [/^Copies a token as plain text/, "a reason that Chromium's API wants and shows nobody"],
];

const CALLS = new Set(['say', 'sayLater', 'sayCount', 'sayCountLater']);

/** Arguments of these are for the browser, not for a person. */
const FOR_CODE = /^(?:querySelector(?:All)?|closest|matches|add|remove|toggle|contains)$/;

/** Attributes that a person hears or reads. */
const READ = /^(?:aria-label|title|placeholder|alt|label)$/;

/** A capital and more, or two words. */
const LOOKS_READ = /^[A-ZÄÖÜ][a-zäöü]|[A-Za-z]{2,} [A-Za-z]{2,}/;

export function extensionFiles(): string[] {
  return readdirSync(join(root, 'extension'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

let found: { said: Said[]; left: string[] } | undefined;

/** Every message that the extension's code says by its key, and every string in it that looks as if a person read it. */
export function wordsInCode(): { said: Said[]; left: string[] } {
  if (found === undefined) {
    const files = extensionFiles().map(wordsInFile);
    found = {
      said: files.flatMap(({ said }) => said),
      left: files.flatMap(({ left }) => left),
    };
  }
  return found;
}

function wordsInFile(file: string): { said: Said[]; left: string[] } {
  const said: Said[] = [];
  const left: string[] = [];
  const text = readFileSync(join(root, file), 'utf8');
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse`);
  const report = (node: Node, words: string) => {
    const line = text.slice(0, node.start).split('\n').length;
    left.push(`${file}:${line}: ${words}`);
  };

  function look(node: Node, above: readonly Node[]): void {
    if (node.type.startsWith('TS') && !/^TS(?:As|Satisfies|NonNull)/.test(node.type)) return;
    if (/^(?:Import|Export(?:All|Named))Declaration$/.test(node.type) && node.source) return;
    if (node.type === 'CallExpression' && CALLS.has(String((node.callee as Node).name))) {
      const [first, ...rest] = node.arguments as Node[];
      const name = String((node.callee as Node).name);
      const spread = rest.some(({ type }) => type === 'SpreadElement');
      for (const key of keysIn(first)) {
        said.push({
          file,
          key,
          values: name.endsWith('Later') || spread ? null : rest.length,
          counts: name.includes('Count'),
        });
      }
      for (const one of rest) look(one, [...above, node]);
      return;
    }
    if (node.type === 'JSXText' && /\p{L}/u.test(String(node.value)))
      report(node, String(node.value));
    const words = wordsOf(node);
    if (words !== null && isRead(words, node, above)) report(node, words);
    for (const child of childrenOf(node)) look(child, [...above, node]);
  }
  look(program as unknown as Node, []);
  return { said, left };
}

/** Literal keys: `'a'`, or both of `x ? 'a' : 'b'`. */
function keysIn(node: Node | undefined): string[] {
  if (node?.type === 'Literal') return [String(node.value)];
  if (node?.type === 'ConditionalExpression')
    return [...keysIn(node.consequent as Node), ...keysIn(node.alternate as Node)];
  return [];
}

function wordsOf(node: Node): string | null {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral') return null;
  return (node.quasis as Node[]).map(({ value }) => (value as { cooked: string }).cooked).join('…');
}

function isRead(words: string, node: Node, above: readonly Node[]): boolean {
  if (!/\p{L}/u.test(words)) return false;
  const parent = above.at(-1);
  if (parent?.type === 'Property' && parent.key === node) return false;
  if (NO_WORDS.some(([text]) => text.test(words))) return false;
  const attribute = above.findLast(({ type }) => type === 'JSXAttribute');
  if (attribute !== undefined) {
    const name = String((attribute.name as Node).name);
    if (name === 'class' || name === 'd' || name === 'style') return false;
    if (READ.test(name) && parent === attribute) return true;
  }
  const property = parent?.type === 'Property' ? (parent.key as Node) : undefined;
  if (property !== undefined && READ.test(String(property.value ?? property.name))) return true;
  if (property !== undefined && /^(?:class|d)$/.test(String(property.value ?? property.name)))
    return false;
  if (above.some((one) => isForCode(one, node))) return false;
  return LOOKS_READ.test(words);
}

/** Errors that are thrown are for developers: what a person reads of a failure is said where it is caught. */
function isForCode(one: Node, node: Node): boolean {
  if (one.type === 'NewExpression') return String((one.callee as Node).name).endsWith('Error');
  if (one.type === 'BinaryExpression') return ['===', '!=='].includes(String(one.operator));
  if (one.type === 'CallExpression') {
    const callee = one.callee as Node;
    const name = (callee.property as Node | undefined)?.name;
    return FOR_CODE.test(String(name)) && (one.arguments as Node[]).includes(node);
  }
  if (one.type === 'VariableDeclarator') return /STYLE$/.test(String((one.id as Node).name));
  return false;
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) =>
    (Array.isArray(value) ? value : [value]).filter(
      (one): one is Node => typeof one === 'object' && one !== null && 'type' in one,
    ),
  );
}
