import { forgetEverything } from '../forget/everything.ts';
import { forgetProfile } from '../forget/one-profile.ts';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import type { Command, Io } from './command.ts';

type ForgetOptions = { name: string | undefined; all: boolean; yes: boolean };

export const command: Command<ForgetOptions> = {
  arguments: [
    { name: 'name', description: 'the profile to forget', required: false, values: 'profiles' },
  ],
  options: [
    {
      flags: '--all',
      description:
        'forget everything: profiles, tokens, clients, paired browsers, log and settings',
      fallback: false,
      flagOnly: true,
    },
    { flags: '--yes', description: 'do not ask first', fallback: false, flagOnly: true },
  ],
  help: `Of a profile it forgets the stored token, the profile and its clients. With --all it ends the running proxy and
wipes all that Tokenleash keeps. It says what it could not wipe; a token itself is good until it is deleted in
Unleash. Exit code 1 when something of ours is left.`,
  helpsWithBrokenConfig: true,
  run,
};

async function run({ name, all, yes }: ForgetOptions, io: Io): Promise<number> {
  if (all && name !== undefined)
    throw new Problem(
      'Either a profile or --all.',
      `tokenleash forget ${quoteForShell(name)}   (or tokenleash forget --all)`,
      EXIT.usage,
    );
  if (all) return await forgetEverything(io, yes);
  if (name === undefined)
    throw new Problem(
      'Say which profile to forget, or --all.',
      'tokenleash profile list',
      EXIT.usage,
    );
  return await forgetProfile(name, io, yes);
}
