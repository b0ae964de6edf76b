import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mts)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** Every module that a file names: static, re-exported, dynamic, typed. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g);
  return [...found].map((match) => match[1] ?? '');
}

/** A relative import as a path below the root; a package stays as it is. */
function target(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return relative(root, resolve(root, dirname(file), specifier));
}

function offenders(folder: string, forbidden: (module: string) => boolean): string[] {
  return sources(folder).flatMap((file) =>
    importsOf(file)
      .map((specifier) => target(file, specifier))
      .filter(forbidden)
      .map((module) => `${file} imports ${module}`),
  );
}

/** The file without comments and strings, so that a word in a sentence is no use of the thing. */
function code(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''");
}

describe('the house', () => {
  it('has files to look at in every wing, so that these rules mean something', () => {
    for (const wing of ['shared', 'extension', 'proxy'])
      expect(sources(wing).length).toBeGreaterThan(3);
  });

  it('lets shared/ import neither half and nothing of Node', () => {
    expect(
      offenders('shared', (module) =>
        /^(extension|proxy|test|scripts)\b|^node:|webextension-polyfill/.test(module),
      ),
    ).toEqual([]);
  });

  it('lets shared/ use no DOM, no Node globals and no browser API', () => {
    const used =
      /\b(document|window|localStorage|sessionStorage|process|Buffer|require|chrome|browser)\s*[.(]/;
    const found = sources('shared').filter((file) => used.test(code(file)));
    expect(found).toEqual([]);
  });

  it('never lets the halves import each other', () => {
    expect(
      offenders('extension', (module) => /^(proxy|test|scripts)\b|^node:/.test(module)),
    ).toEqual([]);
    expect(
      offenders('proxy', (module) =>
        /^(extension|test|scripts)\b|webextension-polyfill|^preact/.test(module),
      ),
    ).toEqual([]);
  });

  it('speaks of itself alone: no registry host in any lockfile', () => {
    const lockfiles = [
      'package-lock.json',
      ...readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
        .filter(
          (entry) =>
            entry.name === 'package-lock.json' && !entry.parentPath.includes('node_modules'),
        )
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    ];
    expect(lockfiles.length).toBeGreaterThan(1);
    for (const lockfile of lockfiles)
      expect(readFileSync(join(root, lockfile), 'utf8'), lockfile).not.toMatch(/"resolved"/);
  });
});
