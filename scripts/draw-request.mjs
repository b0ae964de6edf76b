// Draws docs/pictures/request.svg: a request's way through the data port, by the steps that the code has.
// `--check`: exits 1 when the picture is not current.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { root } from './install.mjs';

const PICTURE = join(root, 'docs/pictures/request.svg');

/** The questions that the steps answer, each with the first of its steps. */
const QUESTIONS = [
  ['Is it meant for us?', 'header-lines'],
  ['Who asks?', 'caller'],
  ['May they?', 'operation'],
  ['What goes out?', 'framing'],
];

const WORDS = {
  'header-lines': 'at most 100 header lines, no doubtful ones',
  host: 'exactly this address and port',
  browser: 'nothing that a web page sends',
  method: 'a method that is served',
  'target-form': 'a path, not a whole URL',
  path: 'made canonical once, for rules and server alike',
  route: 'admin API, client API, health, OpenAPI',
  caller: 'a live phantom token, or the socket',
  limit: '64 requests at once',
  profile: 'the Unleash server it goes to',
  operation: 'which call of the admin API it is',
  mint: 'no credentials, unless allowed by name',
  access: 'read or write, the lowest counts',
  rules: 'of the profile and of the client',
  framing: 'where the body ends, beyond doubt',
  'body-rules': 'what only the body names',
  headers: 'what the caller may not say is left out',
  secret: 'the PAT goes in, last',
};

const ROW = 26;
const TOP = 84;
const LEFT = 250;
const WIDTH = 450;

/** @param {readonly string[]} names the steps, in their order */
export function draw(names) {
  const parts = [];
  let y = TOP;
  const bands = [];
  for (const name of names) {
    if (!(name in WORDS)) throw new Error(`Say in scripts/draw-request.mjs what ${name} does.`);
    const question = QUESTIONS.find(([, first]) => first === name);
    if (question) {
      bands.push({ y, text: question[0] });
      y += 30;
    }
    parts.push(
      `<text class="step" x="${LEFT + 18}" y="${y + 17}">${name}</text>`,
      `<text class="soft" x="${LEFT + 128}" y="${y + 17}">${WORDS[name]}</text>`,
    );
    y += ROW;
    const next = names[names.indexOf(name) + 1];
    if (next === undefined || QUESTIONS.some(([, first]) => first === next)) {
      bands.at(-1).end = y + 6;
      y += 18;
    }
  }
  const bottom = y;
  const rooms = bands.flatMap(({ y: top, end, text }) => [
    `<rect class="room" x="${LEFT}" y="${top - 4}" width="${WIDTH}" height="${end - top + 6}" rx="8"/>`,
    `<text class="head" x="${LEFT + 18}" y="${top + 16}">${text}</text>`,
    `<path class="no" d="M${LEFT} ${(top + end) / 2} H ${LEFT - 52}" marker-end="url(#no)"/>`,
  ]);
  const height = bottom + 150;
  const right = LEFT + WIDTH;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 ${height}" width="960" height="${height}" role="img" aria-labelledby="title">
<title id="title">A request's way: from a local tool through the steps of the data port to Unleash, and the answer's way back</title>
<style>
  text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #202021; }
  .step { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 13px; }
  .soft { fill: #6e6e70; font-size: 12.5px; }
  .head, .name { font-weight: 600; }
  .page { fill: #ffffff; }
  .room { fill: #f7f7fa; stroke: #d3d3d6; }
  .box { fill: #ffffff; stroke: #6c65e5; stroke-width: 1.5; }
  .way { fill: none; stroke: #6c65e5; stroke-width: 2; }
  .back { fill: none; stroke: #68a611; stroke-width: 2; }
  .no { fill: none; stroke: #d93644; stroke-width: 1.5; stroke-dasharray: 4 3; }
  .way-tip { fill: #6c65e5; } .back-tip { fill: #68a611; } .no-tip { fill: #d93644; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f0f4; } .soft { fill: #b0b0b8; }
    .page { fill: #1a1a21; } .room { fill: #222130; stroke: #3f3e4f; } .box { fill: #1a1a21; stroke: #9a94f5; }
    .way { stroke: #9a94f5; } .way-tip { fill: #9a94f5; }
  }
</style>
<defs>
  <marker id="way" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="way-tip" d="M0 0 L8 4 L0 8 z"/></marker>
  <marker id="back" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="back-tip" d="M0 0 L8 4 L0 8 z"/></marker>
  <marker id="no" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="no-tip" d="M0 0 L8 4 L0 8 z"/></marker>
</defs>
<rect class="page" width="960" height="${height}"/>
<rect class="box" x="24" y="20" width="168" height="44" rx="8"/>
<text class="name" x="44" y="47">A local tool</text>
<path class="way" d="M192 42 H ${LEFT + WIDTH / 2} V ${TOP - 8}" marker-end="url(#way)"/>
<text class="soft" x="206" y="34">phantom token</text>
${rooms.join('\n')}
${parts.join('\n')}
<path class="no" d="M108 ${TOP} V 70" marker-end="url(#no)"/>
<rect class="box" x="24" y="${TOP}" width="168" height="${bottom - TOP - 16}" rx="8"/>
<text class="name" x="44" y="${TOP + 28}">A no</text>
<text class="soft" x="44" y="${TOP + 50}">in Unleash's own</text>
<text class="soft" x="44" y="${TOP + 68}">error shape, with its</text>
<text class="soft" x="44" y="${TOP + 86}">code and the way</text>
<text class="soft" x="44" y="${TOP + 104}">that is open</text>
<rect class="box" x="${LEFT}" y="${bottom}" width="${WIDTH}" height="44" rx="8"/>
<text class="name" x="${LEFT + 18}" y="${bottom + 27}">Forward</text>
<text class="soft" x="${LEFT + 128}" y="${bottom + 27}">time limits, one retry, never a redirect</text>
<path class="way" d="M${right} ${bottom + 22} H 880 V ${TOP + 52}" marker-end="url(#way)"/>
<text class="soft" x="${right + 16}" y="${bottom + 14}">the bare PAT</text>
<rect class="box" x="760" y="${TOP}" width="168" height="44" rx="8"/>
<text class="name" x="780" y="${TOP + 27}">Unleash</text>
<path class="back" d="M800 ${TOP + 48} V ${bottom + 92} H ${right + 6}" marker-end="url(#back)"/>
<rect class="box" x="${LEFT}" y="${bottom + 70}" width="${WIDTH}" height="44" rx="8"/>
<text class="name" x="${LEFT + 18}" y="${bottom + 97}">Answer</text>
<text class="soft" x="${LEFT + 128}" y="${bottom + 97}">no cookies, the PAT masked wherever it stands</text>
<path class="back" d="M${LEFT} ${bottom + 92} H 12 V 42 H 18" marker-end="url(#back)"/>
<text class="soft" x="${LEFT}" y="${bottom + 136}">Each request leaves one line in the audit log: who, which operation, verdict, status, ms. Never a secret.</text>
</svg>
`;
}

const { module } = await runnerImport('./proxy/data/pipeline.ts', {
  root,
  configFile: false,
  logLevel: 'error',
});
const picture = draw(module.STEPS.map(({ name }) => name));
if (!process.argv.includes('--check')) writeFileSync(PICTURE, picture);
else if (readFileSync(PICTURE, 'utf8') !== picture) {
  process.stderr.write('The picture is not current. Type: node scripts/draw-request.mjs\n');
  process.exitCode = 1;
}
process.exit();
