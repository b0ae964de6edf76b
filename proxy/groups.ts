/** What the commands below one word have in common, for help and completion. */
export const GROUPS: Record<string, string> = {
  profile: 'the Unleash servers that the proxy knows',
  'profile rule': 'what may be done through a profile',
  config: 'what commands run with',
  client: 'the programs that may use the proxy',
};
