import type { UseProfileAnswer } from '../../shared/link/messages.ts';
import { Problem, quoteForShell } from '../problem.ts';
import type { Profile } from './profile.ts';

export type UseProfileContext = {
  currentProfile(): Profile | undefined;
  /** The profile of `start --profile`, which stands while this proxy runs; else null. */
  pinned: string | null;
  /** Writes it into config.yaml under its lock. Throws a Problem, and leaves the file as it was, where it cannot. */
  choose(name: string): Promise<unknown>;
  /** Reads the changed config. Its rejection's message is a sentence for a person. */
  reload(): Promise<void>;
};

/**
 * Makes a profile the current one for a paired browser, as `tokenleash profile use` does for a person at a terminal.
 * Every failure is an answer; what was current then stays so.
 */
export async function useProfile(
  name: string,
  context: UseProfileContext,
): Promise<UseProfileAnswer> {
  const { pinned } = context;
  // It would be written down and not hold: the popup would show a choice that no request follows.
  if (pinned !== null && pinned !== name)
    return {
      result: 'not-used',
      message: `This proxy was started with --profile ${pinned}, which holds until it ends. Type: tokenleash stop, then tokenleash start --profile ${quoteForShell(name)}`,
    };
  try {
    await context.choose(name);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { result: 'not-used', message: `${error.message} Type: ${error.next}` };
  }
  try {
    await context.reload();
  } catch (error) {
    // Another file may be what did not read; then the choice is in force all the same.
    if (context.currentProfile()?.name !== name)
      return {
        result: 'not-used',
        message: `The choice was written down, but is not in force. ${error instanceof Error ? error.message : ''}`,
      };
  }
  return { result: 'used', profile: name };
}
