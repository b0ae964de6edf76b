import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/** `audit.jsonl` is written to; full ones are beside it as `audit.000001.jsonl` and so on, the highest the newest. */

const DIGITS = 6;

export type RotatedFile = { path: string; number: number };

function partsOf(path: string) {
  const extension = extname(path);
  return { folder: dirname(path), begin: `${basename(path, extension)}.`, extension };
}

/** The full files beside `path`, oldest first; none where the folder cannot be read. */
export function rotatedFiles(path: string): RotatedFile[] {
  const { folder, begin, extension } = partsOf(path);
  const found: RotatedFile[] = [];
  for (const name of namesIn(folder)) {
    if (!name.startsWith(begin) || !name.endsWith(extension)) continue;
    const digits = name.slice(begin.length, -extension.length);
    if (/^\d{6,15}$/.test(digits)) found.push({ path: join(folder, name), number: Number(digits) });
  }
  return found.sort((one, other) => one.number - other.number);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export function rotatedPath(path: string, number: number): string {
  const { folder, begin, extension } = partsOf(path);
  return join(folder, `${begin}${String(number).padStart(DIGITS, '0')}${extension}`);
}
