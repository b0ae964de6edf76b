// The head of dist/proxy/tokenleash.js: answers `--version`, else runs the proxy's code, which stands below it as a
// comment. A comment is skipped; code would be parsed as a whole first, and Node's modules loaded, for a version that
// scripts ask for often. The code lies there in parts, as the bundler cut it where commands are loaded: each is
// compiled when it is needed, so that `start` does not pay for `doctor`. What V8 made of them at the build lies in a
// file beside this one (scripts/code-cache.mjs); with it they need no compiling. scripts/build-proxy.mjs puts VERSION,
// BUILD, PARTS and the comment in.
const VERSION = '__VERSION__';
/** Differs with every change of what stands below: V8 itself takes compiled code for that of any text as long. */
const BUILD = '__BUILD__';
/** By name: where a part begins, counted from the file's end, and its length. */
const PARTS = '__PARTS__';

// Without the facade that an import makes of a whole module of Node: a fifth of the time that it takes to load.
const builtin = (name) => process.getBuiltinModule(name);
const { existsSync, readFileSync, realpathSync, writeSync } = builtin('fs');

function sayVersion() {
  try {
    // Straight to the file: `process.stdout` costs more time than all the rest.
    writeSync(1, `${VERSION}\n`);
  } catch (error) {
    // A reader that has seen enough is no failure of ours; a full disk is.
    process.exitCode = error.code === 'EPIPE' ? 0 : 1;
  }
}

/**
 * What V8 made of each part, by name; none where there is no such file, or one of another build. It is code, and as
 * safe as this file: it lies in the same folder, and nothing but a build writes it.
 */
function readCodeCache(path) {
  const compiled = new Map();
  if (!existsSync(path)) return compiled;
  const bytes = readFileSync(path);
  const firstEnd = bytes.indexOf('\n');
  const [build, node, ...parts] = bytes.latin1Slice(0, firstEnd).split(' ');
  if (build !== BUILD || node !== process.version) return compiled;
  let begin = firstEnd + 1;
  for (const part of parts) {
    const [name, length] = part.split(':');
    compiled.set(name, bytes.subarray(begin, begin + Number(length)));
    begin += Number(length);
  }
  // Cut short, it would be for V8 to find out.
  return begin === bytes.length ? compiled : new Map();
}

function runProxy() {
  const { Script } = builtin('vm');
  const filename = realpathSync(process.argv[1]);
  // All of it, and at once: an update may put another file in its place while the proxy runs.
  const file = readFileSync(filename);
  const compiled = readCodeCache(`${filename}.cache`);
  const loaded = new Map();
  const load = (name) => {
    const place = PARTS[name];
    if (place === undefined) return builtin(name);
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    const begin = file.length - place[0];
    const code = file.latin1Slice(begin, begin + place[1]).replaceAll('*\x7f/', '*/');
    const run = new Script(code, {
      filename,
      // V8 looks at its own version and flags, and compiles where they differ.
      cachedData: compiled.get(name),
    }).runInThisContext();
    run(module.exports, load, module, filename);
    return module.exports;
  };
  load('./main.js');
}

const typed = process.argv.slice(2);
if (typed.length === 1 && (typed[0] === '-V' || typed[0] === '--version')) sayVersion();
else runProxy();
