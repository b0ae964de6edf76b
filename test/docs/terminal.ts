import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/**
 * What a person does where a program asks: types `answer` and Enter, or goes and does `act`. `asks` is looked for in
 * what has come since the last answer.
 */
export type Reply = { asks: RegExp } & (
  | { answer: string }
  | { act(asked: RegExpExecArray): Promise<void> }
);

export type Terminal = {
  /** Types a command, answers what it asks, and waits for its end. */
  run(command: string): Promise<{ code: number; output: string }>;
  /** Types a command that stays, and waits until `ready` stands in what it says. */
  leave(command: string, ready: RegExp): Promise<string>;
  /** Ctrl-C, and the end of its shell. */
  close(): Promise<void>;
};

const ENDED = /<<ended (\d+)>>/;
/** Bounds a hang, on a busy machine; asserts no speed. */
const LONG_MS = 240_000;
const LOOK_EVERY_MS = 50;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what terminals are steered with.
const STEERING = /\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\r/g;

/** A bash on a terminal of its own (util-linux `script`), as a person sits before it. */
export function openTerminal(where: {
  env: NodeJS.ProcessEnv;
  folder: string;
  /** For files with what is typed. */
  scratch: string;
  replies: readonly Reply[];
}): Terminal {
  const shell = 'stty cols 160 rows 50 -echo; exec bash --norc --noprofile -i';
  const child: ChildProcess = spawn('script', ['-qfec', shell, '/dev/null'], {
    cwd: where.folder,
    env: {
      ...where.env,
      TERM: 'xterm',
      PS1: '',
      PS2: '',
      // In two parts, so that the command line itself never looks like the end of a command.
      PROMPT_COMMAND: `printf '\\n<<%s %s>>\\n' ended "$?"`,
      HISTFILE: '',
    },
  });
  const closed = once(child, 'close');
  let seen = '';
  let from = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
  });
  const since = (at: number) => seen.slice(at).replace(STEERING, '');
  const type = (text: string) => child.stdin?.write(text);

  async function until(what: RegExp, command: string, limit = LONG_MS): Promise<string> {
    const deadline = Date.now() + limit;
    let answered = from;
    // Once for each command: a prompt is drawn again with every letter that is typed.
    const left = new Set(where.replies);
    for (;;) {
      const fresh = since(from);
      if (what.test(fresh)) return fresh;
      const late = since(answered);
      const reply = [...left].find(({ asks }) => asks.test(late));
      if (reply) {
        left.delete(reply);
        answered = seen.length;
        // A prompt is drawn before it listens.
        await after(200);
        if ('answer' in reply) type(`${reply.answer}\r`);
        else await reply.act(reply.asks.exec(late) as RegExpExecArray);
      }
      if (child.exitCode !== null) throw new Error(`The terminal ended in:\n${command}\n${fresh}`);
      if (Date.now() > deadline) throw new Error(`This did not get on:\n${command}\n${fresh}`);
      await after(LOOK_EVERY_MS);
    }
  }

  let count = 0;
  const begin = async (command: string) => {
    // The first prompt, or what an earlier command left behind it.
    if (count === 0) await until(ENDED, 'bash');
    from = seen.length;
    count += 1;
    const file = join(where.scratch, `typed-${process.pid}-${Date.now()}-${count}.sh`);
    writeFileSync(file, command);
    type(`. ${file}\r`);
  };

  return {
    async run(command) {
      await begin(command);
      const output = await until(ENDED, command);
      return { code: Number(ENDED.exec(output)?.[1]), output: output.replace(ENDED, '') };
    },
    async leave(command, ready) {
      await begin(command);
      const either = new RegExp(`${ready.source}|${ENDED.source}`);
      const output = await until(either, command);
      if (!ready.test(output)) throw new Error(`This ended too early:\n${command}\n${output}`);
      return output;
    },
    async close() {
      from = seen.length;
      type('\x03');
      // What ends at Ctrl-C may take its time to end well.
      await until(ENDED, 'Ctrl-C', 20_000).catch(() => undefined);
      type('exit\r');
      const late = after(5_000, 'late', { ref: false });
      if ((await Promise.race([closed, late])) === 'late') child.kill('SIGKILL');
      await closed;
    },
  };
}
