import type { Profile } from '../profiles/profile.ts';

/** What no command of ours can take away for these profiles, as sentences: their tokens, and what others keep. */
export function whatStays(profiles: readonly Profile[]): string[] {
  const servers = [...new Set(profiles.map(({ url }) => url))];
  return [
    ...servers.map(
      (url) =>
        `The token itself is good until it is deleted in Unleash: ${url}/profile/personal-api-tokens`,
    ),
    ...profiles.flatMap(({ source }) => {
      switch (source.from) {
        case 'env':
          return [`The variable ${source.variable}, where you set it.`];
        case 'file':
          return [`${source.path}, which is yours.`];
        case 'op':
          return ['The item in 1Password.'];
        case 'exec':
          return [`What ${source.command[0] ?? 'the program'} gives the token from.`];
        case 'systemd':
          return [`The systemd credential ${source.credential}.`];
        default:
          return [];
      }
    }),
    'Copies in backups, and old blocks that the disk has not used again.',
  ];
}
