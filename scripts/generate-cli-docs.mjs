// Writes docs/cli.md and the man page docs/tokenleash.1 from the commands of the proxy:
// `node scripts/generate-cli-docs.mjs`. With --check it writes nothing and fails where one of them is not current.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createServer } from 'vite';
import { manPage } from './man-page.mjs';

const root = join(import.meta.dirname, '..');

const RUNS = 'void runCommandLine(COMMANDS);';

/** main.ts runs what was typed as soon as it is loaded; here only its table of commands is wanted. */
const tableOnly = {
  name: 'table-only',
  transform(code, id) {
    if (!id.endsWith('/proxy/main.ts')) return null;
    if (!code.includes(RUNS)) throw new Error(`proxy/main.ts does not end in: ${RUNS}`);
    return code.replace(RUNS, '');
  },
};

// It serves nobody: it only loads TypeScript, the commands' own late imports included.
const vite = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: [tableOnly],
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const load = (file) => vite.ssrLoadModule(`/${file}`);

const { COMMANDS } = await load('proxy/main.ts');
const { ABOUT, createProgram } = await load('proxy/program.ts');
const { environmentName } = await load('proxy/commands/settle.ts');
const { EXIT } = await load('proxy/problem.ts');
const { ERRORS } = await load('proxy/errors.ts');

const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

const EXIT_WORDS = {
  ok: 'done',
  failure: 'it failed; `status`: no proxy is running',
  usage: 'typed wrongly: a flag, a name, an address',
  unreachable: 'the server cannot be reached (`wait --server`)',
  credential: 'a token or a passphrase is missing or was refused',
  denied: 'refused by policy (`profile rule test`)',
  interrupted: 'ended by Ctrl-C',
  terminated: 'ended by SIGTERM or SIGHUP',
  notRunnable: '`run`: the program cannot be run',
  notFound: '`run`: there is no such program',
};

/** What `--json` prints where a running proxy is needed, or too much of it; the tests of these commands hold the fields. */
const RUNNING = {
  start: [
    '{"version":1,"event":"listening","url":"http://127.0.0.1:4280","control":"http://127.0.0.1:4281","socket":"/run/user/1000/tokenleash/data.sock"}',
  ],
  wait: [
    '{"version":1,"ready":true,"url":"http://127.0.0.1:4280","control":"http://127.0.0.1:4281","socket":"/run/user/1000/tokenleash/data.sock","code":null}',
  ],
  'profile remove': ['{"version":1,"removed":"acme","storedToken":true,"revokedClients":["ci"]}'],
  doctor: [
    '{"version":1,"verdict":"warning","checks":[{"check":"stray-tokens","status":"warning","message":"…","remedy":"…","places":[{"file":"/home/you/.bash_history","line":12}]}]}',
  ],
  log: [
    '{"version":1,"entries":[{"time":"2026-01-01T09:00:00.000Z","id":"…","client":"ci","via":"phantom","profile":"acme","method":"POST","operation":"createFeature","template":"/api/admin/projects/:projectId/features","verdict":"refused","code":"policy.read_only","rule":"access read","status":403,"ms":1}]}',
  ],
  export: [
    '{"version":1,"target":"caddy","profile":"acme","client":null,"file":null,"text":"…","secret":{"reference":"env:UNLEASH_PAT","steps":["…"]},"notExpressed":["…"]}',
  ],
  pair: [
    '{"version":1,"code":"XXXX-XXXX-XXXX-XXXX-XXXX-XXXX","control":"http://127.0.0.1:4281","expiresAt":"2026-01-01T09:01:00.000Z"}',
    '{"version":1,"browsers":[{"id":"…","name":"Firefox","origin":"moz-extension://…","pairedAt":"2026-01-01T09:00:00.000Z","lastUsedAt":"2026-01-01T09:00:00.000Z"}]}',
    '{"version":1,"ended":{"id":"…","name":"Firefox"}}',
  ],
};

/** What is typed for an example that the command itself prints. */
const EXAMPLES = {
  status: {},
  'profile list': {},
  'profile show': { name: 'acme' },
  'profile rule list': {},
  'profile rule test': { method: 'POST', path: '/api/admin/projects/default/features' },
  'client add': { name: 'ci', access: 'write', mint: false, ttl: 8 * 3_600_000 },
  'client list': {},
  'config path': {},
  'config show': {},
  explain: { method: 'POST', path: '/api/admin/user/tokens' },
};

const CONFIG = `version: 1
current: acme
profiles:
  acme:
    url: https://unleash.example.com
    token-from: browser
    store: sealed-file
    rules:
      - deny: { environment: production }
`;

const commands = {};
for (const [name, [summary, loadCommand]] of Object.entries(COMMANDS)) {
  commands[name] = { summary, ...(await loadCommand()).command };
}

async function printExamples() {
  const home = await mkdtemp(join(tmpdir(), 'tokenleash-docs-'));
  const paths = { config: home, state: home, data: home, runtime: home };
  const printed = { ...RUNNING };
  try {
    await writeFile(join(home, 'config.yaml'), CONFIG, { mode: 0o600 });
    for (const [name, options] of Object.entries(EXAMPLES)) {
      const [stdin, stdout, stderr] = [1, 2, 3].map(() => new PassThrough());
      const now = () => Date.UTC(2026, 0, 1, 9);
      const line = (to, words) => void { stdout, stderr }[to].write(`${words}\n`);
      const io = { stdin, stdout, stderr, line, env: {}, paths, now, commands: COMMANDS };
      await commands[name].run({ ...options, json: true }, io);
      stdout.end();
      const said = (await text(stdout)).trim();
      printed[name] = [
        said.replaceAll(/user:tl_[\w-]+/g, 'user:tl_…').replaceAll(home, '/home/you/tokenleash'),
      ];
    }
  } finally {
    await rm(home, { recursive: true });
  }
  return printed;
}

/** All code of the proxy but its tables of errors, to tell which codes are in use: some of them are for later. */
async function readUses() {
  const folder = join(root, 'proxy');
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && file !== 'errors.ts' && file !== 'problem.ts',
  );
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join();
}

const cell = (words) => words.replaceAll('|', '\\|');

function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** One line of JSON over several: a field each, an item of a list each. */
function spread(line) {
  const fields = Object.entries(JSON.parse(line)).map(([name, value]) => {
    const isList = Array.isArray(value) && value.length > 0;
    const items = isList ? value.map((item) => `\n    ${JSON.stringify(item)}`) : [];
    return `  "${name}": ${isList ? `[${items}\n  ]` : JSON.stringify(value)}`;
  });
  return `{\n${fields.join(',\n')}\n}`;
}

function optionRow(option) {
  const [, words, fallback] = /^(.*?)(?: \(default: (.*)\))?$/s.exec(option.description);
  const variable = option.flagOnly ? '' : `\`${environmentName(option)}\``;
  const required = option.required ? 'needed' : '';
  return [`\`${option.flags}\``, words, fallback ?? required, variable];
}

function section(name, command, made, printed) {
  const { summary, arguments: words = [], options = [], help } = command;
  const parts = [`## tokenleash ${name}`, `${summary[0].toUpperCase()}${summary.slice(1)}.`];
  parts.push(`\`\`\`text\ntokenleash ${name} ${made.usage()}\n\`\`\``);
  if (words.length > 0) {
    const rows = words.map((word) => [
      `\`${word.name}\``,
      word.description,
      word.required ? 'needed' : '',
    ]);
    parts.push(table(['argument', 'what', ''], rows));
  }
  if (options.length > 0)
    parts.push(table(['flag', 'what', 'default', 'environment'], options.map(optionRow)));
  if (help) parts.push(`\`\`\`text\n${help}\n\`\`\``);
  if (printed)
    parts.push(`With \`--json\`:\n\n\`\`\`json\n${printed.map(spread).join('\n')}\n\`\`\``);
  return parts.join('\n\n');
}

const VARIABLES = [
  ['TOKENLEASH_HOME', 'one folder for config, state, data and runtime files'],
  ['TOKENLEASH_PASSPHRASE_FILE', 'file whose first line is the passphrase of the sealed file'],
  ['NO_COLOR', 'set to anything: no colours; only questions have any'],
];

/** Texts of both pages by their path. */
async function write() {
  const names = Object.keys(commands);
  const program = await createProgram(COMMANDS, names);
  const madeOf = (name) =>
    name.split(' ').reduce((at, word) => at.commands.find((each) => each.name() === word), program);
  const printed = await printExamples();
  const silent = names.filter((name) => {
    const hasJson = commands[name].options?.some(({ flags }) => flags === '--json') === true;
    return hasJson !== Object.hasOwn(printed, name);
  });
  if (silent.length > 0) throw new Error(`No example of --json, or one too many: ${silent}`);
  const uses = await readUses();
  const exits = Object.entries(EXIT).map(([name, code]) => {
    if (!EXIT_WORDS[name]) throw new Error(`No words for exit code ${code} (${name}).`);
    return [String(code), EXIT_WORDS[name]];
  });
  const codes = Object.entries(ERRORS).filter(([code]) => uses.includes(`'${code}'`));
  const errors = codes.map(([code, { status, final, hint }]) => [
    `\`${code}\``,
    code === 'target.path' ? `${status}, or 400 where the path is not canonical` : String(status),
    final ? 'no' : 'yes',
    hint,
  ]);
  const list = names.map((name) => [
    `[\`${name}\`](#tokenleash-${name.replaceAll(' ', '-')})`,
    commands[name].summary,
  ]);
  const cli = `<!-- Written by scripts/generate-cli-docs.mjs from the code. Change the code, then run it again. -->

# The command line

Commands that talk about the running proxy find it by themselves. What a program reads goes to stdout, what a person reads goes to stderr. Every error says what happened, and then \`Type:\` with what to type next. Each command also has \`--help\`; \`tokenleash --version\` prints the version.

${table(['command', 'what it does'], list)}

## Where a value comes from

The flag, else the environment, else \`settings\` in \`config.yaml\` (by the flag's long name: \`port: 4290\`), else the default. A flag with no variable in its table can only be typed, as it is meant for one call and not for all that come: what changes or wipes something (\`profile set\`, \`profile move --to\`, \`forget --yes\`), what gives a client more (\`--mint\`), and what picks out of a list (\`log --client\`). A flag without a value is switched on in the environment by \`1\`, \`true\`, \`yes\` or \`on\`, and off by \`0\`, \`false\`, \`no\` or \`off\`. No flag takes a token's value.

| variable | what |
|---|---|
${VARIABLES.map(([name, text]) => `| \`${name}\` | ${text} |`).join('\n')}

## Exit codes

${table(['code', 'when'], exits)}

\`run\` ends with its program's own code, or 128 and the signal's number.

## JSON

\`--json\` prints one object on one line. \`version\` is 1; a field that is not known is \`null\`. Times are ISO 8601 in UTC. The examples below stand on several lines to be read.

${names.map((name) => section(name, commands[name], madeOf(name), printed[name])).join('\n\n')}

## What the proxy refuses

A refused request has the code in its header \`x-tokenleash-error\`, and a body in Unleash's own shape, whose message ends with the allowed way. Where the same request can only fail again it also has \`x-should-retry: false\`. \`upstream.unauthorized\` is no refusal: the server's own answer passes, with the code beside it. \`tokenleash explain\` says beforehand which step would refuse.

${table(['code', 'status', 'worth a retry', 'the allowed way'], errors)}
`;
  const facts = names.map((name) => {
    const { summary, arguments: args = [], options = [], help } = commands[name];
    return [name, { summary, usage: madeOf(name).usage(), args, options, help }];
  });
  const man = manPage({
    version,
    about: ABOUT,
    commands: Object.fromEntries(facts),
    exits,
    variables: VARIABLES,
    environmentName,
  });
  return { 'docs/cli.md': cli, 'docs/tokenleash.1': man };
}

const fresh = await write();
await vite.close();
for (const [path, text] of Object.entries(fresh)) {
  const target = join(root, path);
  if (!process.argv.includes('--check')) {
    await writeFile(target, text);
  } else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`${path} is not current. Type: node scripts/generate-cli-docs.mjs\n`);
    process.exitCode = 1;
  }
}
