import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readClients } from '../clients/store.ts';
import { SOCKET_CALLER } from '../clients/table.ts';
import { type Gateway, type SecretReference, TARGETS, type Target } from '../export/gateway.ts';
import { linesFor } from '../export/lines.ts';
import { notExpressed } from '../export/not-expressed.ts';
import {
  defaultSecret,
  isPlainPath,
  parseSecret,
  secretSteps,
  secretText,
} from '../export/secret.ts';
import { codeOf, EXIT, fileProblem, Problem, quoteForShell } from '../problem.ts';
import { requireCurrent, requireProfile } from '../profiles/change-profiles.ts';
import { type Config, readConfig } from '../profiles/config-file.ts';
import { nearestName, shownName } from '../profiles/name.ts';
import type { Access, Profile } from '../profiles/profile.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { PROFILE_OPTION } from './option-types.ts';

type ExportOptions = {
  target: string;
  profile: string | undefined;
  client: string | undefined;
  secret: SecretReference | undefined;
  address: Gateway['listen'];
  out: string | undefined;
  force: boolean | undefined;
  json: boolean | undefined;
};

export const command: Command<ExportOptions> = {
  arguments: [
    { name: 'target', description: 'envoy, nginx or caddy', required: true, values: TARGETS },
  ],
  options: [
    PROFILE_OPTION,
    {
      flags: '--client <name>',
      description: 'hold callers to this client’s access and rules too',
      values: 'clients',
      flagOnly: true,
    },
    {
      flags: '--secret <reference>',
      description:
        'where the gateway reads the token: file:PATH or env:NAME (default: env:UNLEASH_PAT for caddy, else a file)',
      parse: parseSecret,
      flagOnly: true,
    },
    {
      flags: '--address <address>',
      description: 'host and port that the gateway listens on (default: 127.0.0.1:8080)',
      parse: parseAddress,
      fallback: { host: '127.0.0.1', port: 8080 },
      flagOnly: true,
    },
    { flags: '--out <file>', description: 'write it there, mode 0600', flagOnly: true },
    { flags: '--force', description: 'replace the file of --out', flagOnly: true },
    JSON_OPTION,
  ],
  help: `Writes the profile and its rules for a gateway that a team shares. The token does not stand in it. What the
gateway cannot do is said at the top of the file. See docs/shared-gateway.md.
  tokenleash export nginx --profile prod --out tokenleash-prod.conf`,
  run,
};

/** `127.0.0.1:8080`, `[::1]:8080`. */
function parseAddress(text: string): Gateway['listen'] {
  const [, six, four, port] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? four;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw new Error('has to be an address and a port: 127.0.0.1:8080');
  return { host, port: Number(port) };
}

async function run(options: ExportOptions, io: Io): Promise<number> {
  const target = targetNamed(options.target);
  if (options.force && options.out === undefined)
    throw new Problem(
      '--force is for the file of --out.',
      `tokenleash export ${target} --out FILE`,
      EXIT.usage,
    );
  const config = await readConfig(io.paths);
  const profile =
    options.profile === undefined
      ? requireCurrent(config)
      : requireProfile(config.profiles, options.profile, `export ${target} --profile`);
  const client =
    options.client === undefined ? null : await clientNamed(options.client, profile, config, io);
  const gateway = gatewayFor(target, profile, client, options);
  const text = await textFor(target, gateway);
  const secret = { reference: secretText(gateway.secret), steps: gateway.secretSteps };
  if (options.out !== undefined) await writeText(resolve(options.out), text, target, options);
  if (options.json)
    answerJson(io, {
      target,
      profile: profile.name,
      client: client?.name ?? null,
      file: options.out === undefined ? null : resolve(options.out),
      text: options.out === undefined ? text : null,
      secret,
      notExpressed: gateway.notExpressed,
    });
  else if (options.out === undefined) answer(io, text.trimEnd());
  sayWhatToKnow(gateway, options, io);
  return EXIT.ok;
}

function targetNamed(word: string): Target {
  const found = TARGETS.find((target) => target === word);
  if (found) return found;
  throw new Problem(
    `The target has to be ${TARGETS.slice(0, -1).join(', ')} or ${TARGETS.at(-1)}.`,
    'tokenleash export --help',
    EXIT.usage,
  );
}

/** What a client adds to its profile. */
type ClientLimits = { name: string; access: Access; mint: boolean; rules: Profile['rules'] };

async function clientNamed(
  name: string,
  profile: Profile,
  config: Config,
  io: Io,
): Promise<ClientLimits> {
  const rules = Object.hasOwn(config.clientRules, name) ? (config.clientRules[name] ?? []) : [];
  // Callers of the socket, and of --keyless, are no listed clients: they have the profile's access and never mint.
  if (name === SOCKET_CALLER || /^uid:\d+$/.test(name))
    return { name, access: profile.access, mint: false, rules };
  const clients = await readClients(io.paths.state);
  const found = clients.find((client) => client.name === name);
  if (found) {
    if (found.profile !== null && found.profile !== profile.name)
      throw new Problem(
        `The client "${name}" is one of profile "${found.profile}", not of "${profile.name}".`,
        `tokenleash export nginx --profile ${found.profile} --client ${name}`,
        EXIT.usage,
      );
    return { name, access: found.access, mint: found.mint, rules };
  }
  const near = nearestName(
    name,
    clients.map((client) => client.name),
  );
  throw new Problem(
    `There is no client "${shownName(name)}".${near === null ? '' : ` Did you mean "${near}"?`}`,
    'tokenleash client list',
    EXIT.usage,
  );
}

const ORDER: readonly Access[] = ['read', 'ask', 'write'];

function gatewayFor(
  target: Target,
  profile: Profile,
  client: ClientLimits | null,
  options: ExportOptions,
): Gateway {
  const secret = options.secret ?? defaultSecret(target, profile.name);
  if (target === 'nginx' && secret.from === 'env')
    throw new Problem(
      'nginx reads no variables of its environment; give it a file.',
      'tokenleash export nginx --secret file:/etc/nginx/tokenleash/NAME.secret',
      EXIT.usage,
    );
  for (const path of pathsOf(profile))
    if (!isPlainPath(path))
      throw new Problem(
        'The path of a PEM file of this profile has characters that a gateway would take for its own.',
        `tokenleash profile show ${profile.name}`,
      );
  const access = lower(profile.access, client?.access ?? 'write');
  const lines = linesFor({
    profile,
    client: client === null ? null : { name: client.name, rules: client.rules },
    access,
    mint: client?.mint === true,
  });
  return {
    profile,
    client: client?.name ?? null,
    lines,
    secret,
    listen: options.address,
    notExpressed: notExpressed(target, { ...profile, access }, lines),
    secretSteps: secretSteps(target, secret),
  };
}

function lower(one: Access, other: Access): Access {
  return ORDER.indexOf(one) < ORDER.indexOf(other) ? one : other;
}

function pathsOf({ ca, clientCertificate }: Profile): string[] {
  return [ca, clientCertificate?.certificate, clientCertificate?.key].filter(
    (path): path is string => typeof path === 'string',
  );
}

async function textFor(target: Target, gateway: Gateway): Promise<string> {
  if (target === 'nginx') return (await import('../export/nginx.ts')).nginxText(gateway);
  if (target === 'caddy') return (await import('../export/caddy.ts')).caddyText(gateway);
  return (await import('../export/envoy.ts')).envoyText(gateway);
}

/** The folder is the user's own, as it is; only the file is made. */
async function writeText(
  path: string,
  text: string,
  target: Target,
  { force }: ExportOptions,
): Promise<void> {
  try {
    if (!force) {
      await writeFile(path, text, { flag: 'wx', mode: 0o600 });
      return;
    }
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
      await chmod(temporary, 0o600);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new Problem(
        `${path} is there already; it was left as it is.`,
        `tokenleash export ${target} --out ${quoteForShell(path)} --force`,
      );
    throw fileProblem('write', path, error);
  }
}

function sayWhatToKnow(gateway: Gateway, { out, json }: ExportOptions, io: Io): void {
  if (out !== undefined && !json) tell(io, `Written: ${resolve(out)}`);
  tell(io, `The token: ${secretText(gateway.secret)}. It does not stand in the text.`);
  for (const sentence of gateway.secretSteps) tell(io, `  ${sentence}`);
  tell(io, 'What the proxy does and the gateway does not:');
  for (const sentence of gateway.notExpressed) tell(io, `- ${sentence}`);
  if (!/^(?:127\.|::1$|localhost$)/.test(gateway.listen.host))
    tell(io, 'It is to listen beyond this machine: put a login in front first.');
}
