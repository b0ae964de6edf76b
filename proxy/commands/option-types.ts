import { isName, NAME_RULE } from '../profiles/name.ts';
import type { Access, StoreName } from '../profiles/profile.ts';
import type { Option } from './command.ts';

/** A TCP port, 0 to have one picked. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new Error('has to be a port: 0 to 65535');
  return port;
}

export function parseAccess(text: string): Access {
  if (text !== 'read' && text !== 'ask' && text !== 'write')
    throw new Error('has to be read, ask or write');
  return text;
}

export function parseStore(text: string): StoreName {
  if (text !== 'keychain' && text !== 'sealed-file' && text !== 'memory')
    throw new Error('has to be keychain, sealed-file or memory');
  return text;
}

const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const TTL_LIMIT_MS = 3650 * 86_400_000;

/** `90s`, `30m`, `8h`, `7d`, as ms. */
export function parseTtl(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const time = Number(count) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  if (!(time > 0 && time <= TTL_LIMIT_MS))
    throw new Error('has to be a time such as 90s, 30m, 8h or 7d, ten years at most');
  return time;
}

/** How long to wait, as ms: `90s`, `5m`, or a bare number of seconds; 0 looks once. */
export function parseTimeout(text: string): number {
  const time = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : /^0+[smhd]$/.test(text) ? 0 : null;
  return time ?? parseTtl(text);
}

export function parseName(text: string): string {
  if (!isName(text)) throw new Error(`has to be a name: ${NAME_RULE}`);
  return text;
}

/** The four languages that exports are written in. */
export type Shell = 'bash' | 'zsh' | 'fish' | 'pwsh';

export function parseShell(text: string): Shell {
  // sh and its kin read what bash reads.
  if (text === 'sh' || text === 'dash' || text === 'ksh') return 'bash';
  if (text === 'powershell') return 'pwsh';
  if (text !== 'bash' && text !== 'zsh' && text !== 'fish' && text !== 'pwsh')
    throw new Error('has to be bash, zsh, fish or pwsh');
  return text;
}

export const PROFILE_OPTION: Option = {
  flags: '--profile <profile>',
  description: 'profile to use in place of the current one',
  parse: parseName,
  values: 'profiles',
};

export const CLIENT_ACCESS_OPTION: Option = {
  flags: '--access <access>',
  description: 'read, ask or write; the lower of this and the profile’s counts (default: read)',
  parse: parseAccess,
  values: ['read', 'write'],
  fallback: 'read',
};

export const READ_ONLY_OPTION: Option = {
  flags: '--read-only',
  description: 'no client may write, whatever its access',
  fallback: false,
};
