import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { Problem, quoteForShell } from '../problem.ts';
import { type Config, checkConfig } from './config-schema.ts';
import { isCallerName, isName, NAME_RULE, shownName } from './name.ts';

/**
 * config.yaml as all of YAML, with the user's comments and order. `path` is for what is said of a damaged one: throws
 * a Problem with file, line and reason.
 */
export function parseConfig(path: string, text: string): { config: Config; document: Document } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken) throw damaged(path, lines.linePos(broken.pos[0]).line, broken.message);
  if (document.contents === null) document.contents = document.createNode({}) as never;
  if (!isMap(document.contents)) throw damaged(path, 1, 'it holds no settings by name');
  requireNames(path, document, lines);
  const config = checkConfig(plain(path, document));
  if ('message' in config) {
    const reason = `${config.keys.join(' → ') || 'the file'}: ${config.message}`;
    throw damaged(path, lineOf(document, lines, config.keys), reason);
  }
  return { document, config };
}

/** Before valibot, which leaves out `constructor` and its like without a word: rules would go with them. */
function requireNames(path: string, document: Document, lines: LineCounter): void {
  for (const [group, what] of [
    ['profiles', 'profile'],
    ['clients', 'client'],
  ] as const) {
    const map = document.get(group);
    for (const { key } of isMap(map) ? map.items : []) {
      const name = isScalar(key) ? String(key.value) : '';
      if (group === 'clients' ? isCallerName(name) : isName(name)) continue;
      const reason = `${group} → ${shownName(name)}: is no ${what} name: ${NAME_RULE}`;
      throw damaged(path, lineOf(document, lines, [group, name]), reason);
    }
  }
}

/** An alias bomb makes `toJS` throw; that too is a damaged file. */
function plain(path: string, document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw damaged(path, 1, error instanceof Error ? error.message : 'it does not read');
  }
}

/** The line of the last of these keys that stands in the file. */
function lineOf(document: Document, lines: LineCounter, keys: readonly string[]): number {
  let node: unknown = document.contents;
  let line = 1;
  for (const key of keys) {
    if (isSeq(node)) {
      node = node.items[Number(key)];
      if (isNode(node)) line = lines.linePos(node.range?.[0] ?? 0).line;
      continue;
    }
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (!pair || !isScalar(pair.key)) break;
    line = lines.linePos(pair.key.range?.[0] ?? 0).line;
    node = pair.value;
  }
  return line;
}

function damaged(path: string, line: number, reason: string): Problem {
  return new Problem(
    `${path}, line ${line}: ${reason.replace(/\s+/g, ' ').replace(/\.$/, '')}. Nothing was changed.`,
    `\${EDITOR:-vi} +${line} ${quoteForShell(path)}`,
  );
}
