// Builds dist/proxy/tokenleash.js: one file with a shebang and its run bit; and beside it, for the Node that builds,
// what V8 made of its code (scripts/code-cache.mjs), without which it runs as well, but starts slower.
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { writeCodeCache } from './code-cache.mjs';
import { inProduction } from './in-production.mjs';

const root = join(import.meta.dirname, '..');

/** @param {{ outDir?: string }} where */
export async function buildProxy({ outDir = join(root, 'dist/proxy') } = {}) {
  const { output } = await inProduction(() =>
    build({
      root,
      configFile: join(root, 'vite.proxy.config.ts'),
      logLevel: 'warn',
      build: { write: false },
    }),
  );
  const target = join(outDir, 'tokenleash.js');
  await mkdir(outDir, { recursive: true });
  await writeFile(target, await behindHead(output));
  await chmod(target, 0o755);
  await writeCodeCache(target);
}

/**
 * The parts of the bundle in one comment below scripts/proxy-head.mjs, which says why.
 *
 * @param {{ fileName: string, code: string }[]} chunks
 */
async function behindHead(chunks) {
  const head = await readFile(join(root, 'scripts/proxy-head.mjs'), 'utf8');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const parts = chunks.map(({ fileName, code }) => ({
    name: `./${fileName}`,
    text: asComment(inAscii(asFunction(code))),
  }));
  // Counted from the file's end, which does not move with the length of this table.
  const places = {};
  let fromEnd = COMMENT_END.length;
  for (const { name, text } of [...parts].reverse()) {
    fromEnd += text.length + 1;
    places[name] = [fromEnd, text.length];
  }
  const texts = parts.map(({ text }) => `${text}\n`).join('');
  const id = createHash('sha256').update(version).update(texts).digest('hex').slice(0, 32);
  const own = head
    .replace(/^\/\*\*?[\s\S]*?\*\/\n|^ *\/\/.*\n/gm, '')
    .replace("'__VERSION__'", () => JSON.stringify(version))
    .replace('__BUILD__', id)
    .replace("'__PARTS__'", () => JSON.stringify(places))
    .trim();
  return `#!/usr/bin/env node\n${own}\n/*\n${texts}${COMMENT_END}`;
}

const COMMENT_END = '*/\n';

/** What stands for the end of a comment within it; proxy-head.mjs takes it back. */
const NO_END = '*\x7f/';

/** @param {string} code */
function asComment(code) {
  if (code.includes(NO_END)) throw new Error('The bundle has what marks the end of a comment.');
  return code.replaceAll('*/', NO_END);
}

/** A CommonJS module as Node itself wraps one. In brackets V8 compiles it at once; else it would read it twice. */
function asFunction(code) {
  if (/\bimport\.meta\b|\bimport\(/.test(code))
    throw new Error(
      'The bundle has an import.meta or an import() that the bundler did not replace.',
    );
  return `(function(exports,require,module,__filename){"use strict";${code}\n})`;
}

/** One letter beyond ASCII has V8 keep and read the whole file at twice its size. @param {string} code */
function inAscii(code) {
  // There the letters count as they stand.
  if (/\braw`[^`]*[^\0-\x7f]/.test(code))
    throw new Error('A String.raw of the bundle has letters beyond ASCII.');
  return code.replaceAll(
    /[^\0-\x7f]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
