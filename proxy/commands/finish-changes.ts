import { finishChanges } from '../profiles/unfinished.ts';
import { type Io, tell } from './command.ts';

/** First of all in a command about profiles: what a killed one left is finished or taken back. */
export async function finishEarlierChanges(io: Io): Promise<void> {
  await finishChanges({ paths: io.paths, env: io.env }, ({ message, next }) =>
    tell(
      io,
      `Warning: an earlier change of a profile could not be finished. ${message} Type: ${next}`,
    ),
  );
}
