import { spawnSync } from 'node:child_process';

/** A fenced block of a page. */
export type Fence = {
  /** The word behind the three backticks; empty where there is none. */
  language: string;
  /** The line of the page on which it opens, from 1. */
  line: number;
  text: string;
};

/** The fenced blocks of a Markdown page, in their order. */
export function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  let open: Fence | null = null;
  for (const [at, line] of markdown.split('\n').entries()) {
    const mark = /^ {0,3}```(\S*)/.exec(line);
    if (open === null) {
      if (mark) open = { language: mark[1] ?? '', line: at + 1, text: '' };
    } else if (mark) {
      fences.push(open);
      open = null;
    } else open.text += `${line}\n`;
  }
  if (open !== null) throw new Error(`The block of line ${open.line} does not end.`);
  return fences;
}

/** The commands of a block as one types them: each with all its lines, without lines that only comment. */
export function commandsOf(text: string): string[] {
  const commands: string[] = [];
  let typed = '';
  for (const line of text.split('\n')) {
    if (typed === '' && /^\s*(?:#.*)?$/.test(line)) continue;
    typed += `${line}\n`;
    if (!isComplete(typed)) continue;
    commands.push(typed);
    typed = '';
  }
  if (typed.trim() !== '') throw new Error(`bash cannot read this to its end:\n${typed}`);
  return commands;
}

/** bash warns, and exits 0, where a here-document has not ended. */
function isComplete(typed: string): boolean {
  if (/\\\n$/.test(typed)) return false;
  const { status, stderr } = spawnSync('bash', ['-n'], { input: typed, encoding: 'utf8' });
  return status === 0 && stderr === '';
}
