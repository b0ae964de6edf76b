// The man page from the same facts as docs/cli.md: roff with the macros of man(7).

/** A text that roff prints as it is. @param {string} text */
function plain(text) {
  return (
    text
      .replaceAll('\\', '\\e')
      .replaceAll('-', '\\-')
      .replaceAll('’', "'")
      .replaceAll('…', '...')
      .split('\n')
      // A line that begins with a dot or a quote would be a request to roff.
      .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
      .join('\n')
  );
}

/** @param {string} text */
const bold = (text) => `\\fB${plain(text)}\\fR`;

/** `--port <port>`: the flag bold, its value slanted. @param {string} flags */
function flagTitle(flags) {
  const [flag = '', value] = flags.split(' ');
  return value ? `${bold(flag)} \\fI${plain(value.slice(1, -1))}\\fR` : bold(flag);
}

/** @param {string} title @param {string} text */
const entry = (title, text) => `.TP\n${title}\n${plain(text)}`;

/** @param {string} text */
const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** @param {string} text */
const asIs = (text) => `.PP\n.nf\n${plain(text)}\n.fi`;

/** @param {string} name */
function command(name, { summary, usage, args, options, help }, environmentName) {
  const parts = [`.SS "tokenleash ${name}"`, plain(sentence(summary))];
  parts.push(`.PP\n${bold(`tokenleash ${name}`)} ${plain(usage)}`);
  for (const each of args) parts.push(entry(`\\fI${plain(each.name)}\\fR`, each.description));
  for (const option of options) {
    const variable = option.flagOnly ? '' : ` [${environmentName(option)}]`;
    parts.push(entry(flagTitle(option.flags), option.description + variable));
  }
  if (help) parts.push(asIs(help));
  return parts.join('\n');
}

const FILES = [
  [
    'config.yaml',
    'Profiles, rules and settings; no secret. "tokenleash config path" says where it is.',
  ],
  ['clients.json', 'Names and rights of clients, and the hashes of their phantom tokens.'],
  ['secrets.json', 'The sealed file: personal access tokens under a passphrase.'],
  ['audit.jsonl', 'One line for each request, without any secret; read it with "tokenleash log".'],
];

const EXAMPLES = `tokenleash profile add acme --url https://unleash.example.com
tokenleash start
tokenleash run -- sh -c 'curl -sS -H "Authorization: $UNLEASH_PAT" $UNLEASH_URL/api/admin/projects'
eval "$(tokenleash env)"
tokenleash explain DELETE /api/admin/projects/default/features/checkout`;

/**
 * The whole page.
 * @param {{ version: string, about: string, commands: Record<string, object>, exits: string[][],
 *   variables: string[][], environmentName: (option: object) => string }} facts
 */
export function manPage({ version, about, commands, exits, variables, environmentName }) {
  const each = Object.entries(commands).map(([name, facts]) =>
    command(name, facts, environmentName),
  );
  return `.\\" Written by scripts/generate-cli-docs.mjs from the code.
.TH TOKENLEASH 1 "" "tokenleash ${version}" "User Commands"
.SH NAME
tokenleash \\- keep a personal access token of Unleash away from local programs
.SH SYNOPSIS
${bold('tokenleash')} \\fIcommand\\fR [\\fIoption\\fR ...]
.br
${bold('tokenleash run')} [\\fIoption\\fR ...] ${bold('--')} \\fIprogram\\fR [\\fIargument\\fR ...]
.SH DESCRIPTION
${about.split('\n\n').map(plain).join('\n.PP\n')}
.PP
Without a command it says how things stand, and what to type next.
.SH COMMANDS
${each.join('\n')}
.SH ENVIRONMENT
${variables.map(([name, text]) => entry(bold(name), text)).join('\n')}
.SH FILES
${FILES.map(([name, text]) => entry(`\\fI${plain(name)}\\fR`, text)).join('\n')}
.SH EXIT STATUS
${exits.map(([code, text]) => entry(bold(code), sentence(text))).join('\n')}
.SH EXAMPLES
${asIs(EXAMPLES)}
`;
}
