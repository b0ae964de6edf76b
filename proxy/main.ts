import { runCommandLine } from './command-line.ts';

/**
 * Every command: a file of `commands/`, loaded when it is the one that was typed, and the line that `--help` shows
 * of it. A name of two words stands below the first.
 */
export const COMMANDS = {
  start: ['start the proxy, in the foreground', () => import('./commands/start.ts')],
  stop: ['end the running proxy', () => import('./commands/stop.ts')],
  status: ['say what runs where', () => import('./commands/status.ts')],
  'profile add': ['add an Unleash server and its token', () => import('./commands/profile-add.ts')],
  'profile list': ['list the profiles', () => import('./commands/profile-list.ts')],
  'profile show': ['show one profile', () => import('./commands/profile-show.ts')],
  'profile use': ['make a profile the current one', () => import('./commands/profile-use.ts')],
  'profile login': ['give a profile a new token', () => import('./commands/profile-login.ts')],
  'profile set': [
    'change the address, access or CA of a profile',
    () => import('./commands/profile-set.ts'),
  ],
  'profile move': [
    'keep a profile’s token in another place',
    () => import('./commands/profile-move.ts'),
  ],
  'profile remove': [
    'remove a profile and its stored token',
    () => import('./commands/profile-remove.ts'),
  ],
  'profile rule add': [
    'deny or allow requests by what they mean',
    () => import('./commands/profile-rule-add.ts'),
  ],
  'profile rule list': [
    'list the rules, in the order that they are asked',
    () => import('./commands/profile-rule-list.ts'),
  ],
  'profile rule remove': ['take a rule out', () => import('./commands/profile-rule-remove.ts')],
  'profile rule test': [
    'say whether a request would pass; exit code 5 when not',
    () => import('./commands/profile-rule-test.ts'),
  ],
  'client add': ['give a program a phantom token', () => import('./commands/client-add.ts')],
  'client list': ['list who has a phantom token', () => import('./commands/client-list.ts')],
  'client revoke': ['end a phantom token at once', () => import('./commands/client-revoke.ts')],
  env: ['print exports for this shell', () => import('./commands/env.ts')],
  run: ['run a program with a phantom token of its own', () => import('./commands/run.ts')],
  pair: ['connect a browser with the extension', () => import('./commands/pair.ts')],
  wait: ['wait until the proxy is ready', () => import('./commands/wait.ts')],
  'config path': ['say where config.yaml is', () => import('./commands/config-path.ts')],
  'config show': [
    'show each value and where it comes from',
    () => import('./commands/config-show.ts'),
  ],
  forget: ['wipe a profile, or everything', () => import('./commands/forget.ts')],
  doctor: ['look for what is wrong, and say what to do', () => import('./commands/doctor.ts')],
  completion: [
    'print a script that completes in your shell',
    () => import('./commands/completion.ts'),
  ],
  log: ['show what was asked of the proxy, and how it ended', () => import('./commands/log.ts')],
  export: [
    'write a profile and its rules for a gateway that a team shares',
    () => import('./commands/export.ts'),
  ],
  explain: ['say what the proxy would do with a request', () => import('./commands/explain.ts')],
} as const;

// Not awaited: as a part of the built file this is CommonJS. Nothing rejects here, and it ends the process itself.
void runCommandLine(COMMANDS);
