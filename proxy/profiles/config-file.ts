import type { Document } from 'yaml';
import type { Rule } from '../policy/rule.ts';
import { quoteForShell } from '../problem.ts';
import { exclusively } from '../runtime/exclusively.ts';
import { configFile, type Paths } from '../runtime/paths.ts';
import { readPrivate, writePrivate } from '../runtime/private-file.ts';
import { type Config, checkConfig } from './config-schema.ts';
import { readPlainYaml } from './plain-yaml.ts';
import type { Profile, SecretSource } from './profile.ts';

export type { Config } from './config-schema.ts';

const BEGINNING = `# Tokenleash: which Unleash servers there are, and where the token of each comes from. No secret stands here.
# "settings" holds values for flags, by their long name: "port: 4290".
version: 1
`;

/** Reads config.yaml; a missing file is an empty one. Throws a Problem with file, line and reason. */
export async function readConfig(paths: Paths): Promise<Config> {
  const path = configFile(paths);
  const text = (await readPrivate(path, 'owner-writes')) ?? '';
  // A start asks for it several times, and YAML is the slowest thing that it reads.
  if (last?.path !== path || last.text !== text)
    last = { path, text, config: await parse(path, text) };
  return last.config;
}

let last: { path: string; text: string; config: Config } | undefined;

/**
 * Changes config.yaml under a lock. `change` gets the parsed file and the document to edit, which keeps the user's
 * comments and order. A result that would not read back is not written.
 */
export async function updateConfig(
  paths: Paths,
  change: (config: Config, document: Document) => void,
): Promise<Config> {
  const path = configFile(paths);
  const { parseConfig } = await import('./config-document.ts');
  return await exclusively(path, async () => {
    const { config, document } = parseConfig(
      path,
      (await readPrivate(path, 'owner-writes')) ?? BEGINNING,
    );
    change(config, document);
    const text = document.toString();
    const read = parseConfig(path, text);
    await writePrivate(path, text);
    return read.config;
  });
}

/**
 * A file as we write one is read without a YAML library, which costs as much as all else that a start reads. Whatever
 * is not as plain as that, or wrong, is the library's.
 */
async function parse(path: string, text: string): Promise<Config> {
  const plain = readPlainYaml(text);
  const config = plain === null ? null : checkConfig(plain);
  if (config !== null && !('message' in config)) return config;
  const { parseConfig } = await import('./config-document.ts');
  return parseConfig(path, text).config;
}

/** A source in the words of `--token-from`. */
export function sourceWord(source: SecretSource): string {
  switch (source.from) {
    case 'env':
      return `env:${source.variable}`;
    case 'file':
      return `file:${source.path}`;
    case 'exec':
      return `exec:${source.command.map(quoteForShell).join(' ')}`;
    case 'op':
      return source.reference;
    case 'systemd':
      return `systemd:${source.credential}`;
    case 'browser':
      return 'browser';
    case 'stored':
      return 'stdin';
  }
}

/** A rule as config.yaml has it: one glob by itself, several as a list. */
export function ruleRecord({ verdict, ...subjects }: Rule) {
  const conditions = Object.entries(subjects).map(([subject, globs]) => [
    subject,
    globs.length === 1 ? globs[0] : [...globs],
  ]);
  return { [verdict]: Object.fromEntries(conditions) as Record<string, string | string[]> };
}

/** A profile as config.yaml has it, defaults left out. */
export function profileRecord(profile: Profile): Record<string, unknown> {
  const record: Record<string, unknown> = {
    url: profile.url,
    access: profile.access,
    'token-from': sourceWord(profile.source),
  };
  if ('store' in profile.source) record.store = profile.source.store;
  if (profile.ca !== null) record.ca = profile.ca;
  if (profile.clientCertificate !== null) {
    record['client-cert'] = profile.clientCertificate.certificate;
    record['client-key'] = profile.clientCertificate.key;
  }
  if (profile.compression !== 'identity') record.compression = profile.compression;
  if (profile.rules.length > 0) record.rules = profile.rules.map(ruleRecord);
  if (profile.allowHttp) record['allow-http'] = true;
  if (profile.unattended) record.unattended = true;
  return record;
}
