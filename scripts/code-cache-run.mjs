// Runs the built file as scripts/proxy-head.mjs does, and at its end writes what V8 made of each part that it needed.
// Only scripts/code-cache.mjs starts it: the product itself writes no code.
import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const { WARM_PROGRAM: filename, WARM_CACHE: target } = process.env;
const file = readFileSync(filename);
const head = file.latin1Slice(0, file.indexOf('\n/*'));
const build = /^const BUILD = '(\w+)';$/m.exec(head)[1];
const places = JSON.parse(/^const PARTS = (\{.*\});$/m.exec(head)[1]);
process.argv[1] = filename;

const loaded = new Map();
function load(name) {
  const place = places[name];
  if (place === undefined) return process.getBuiltinModule(name);
  const known = loaded.get(name);
  if (known !== undefined) return known.module.exports;
  const begin = file.length - place[0];
  const code = file.latin1Slice(begin, begin + place[1]).replaceAll('*\x7f/', '*/');
  const script = new Script(code, { filename });
  const module = { exports: {} };
  loaded.set(name, { module, script });
  script.runInThisContext()(module.exports, load, module, filename);
  return module.exports;
}

process.once('exit', () => {
  // The proxy has turned it off (proxy/runtime/collector.ts); V8 takes compiled code with the flags it was made with.
  setFlagsFromString('--allocation-site-pretenuring');
  const made = [...loaded].map(([name, { script }]) => [name, script.createCachedData()]);
  const parts = made.map(([name, data]) => `${name}:${data.length}`);
  const first = Buffer.from(`${[build, process.version, ...parts].join(' ')}\n`, 'latin1');
  writeFileSync(target, Buffer.concat([first, ...made.map(([, data]) => data)]));
});
load('./main.js');
