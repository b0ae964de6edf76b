import type { AuditEntry } from '../data/context.ts';
import { compileGlob } from '../policy/glob.ts';

/** How a request ended: let through, refused by the proxy, or let through and not brought to an answer. */
export type Outcome = 'allowed' | 'refused' | 'failed';

/** What to look for; null is anything. Names are globs, case aside. */
export type Selection = {
  client: string | null;
  profile: string | null;
  operation: string | null;
  outcome: Outcome | null;
};

export function outcomeOf({ verdict, code }: AuditEntry): Outcome {
  if (verdict === 'refused') return 'refused';
  return code === null ? 'allowed' : 'failed';
}

/** Says whether an entry is one of those that are looked for. */
export function selector(selection: Selection): (entry: AuditEntry) => boolean {
  const client = nameMatcher(selection.client);
  const profile = nameMatcher(selection.profile);
  const operation = nameMatcher(selection.operation);
  const { outcome } = selection;
  return (entry) =>
    client(entry.client) &&
    profile(entry.profile) &&
    operation(entry.operation) &&
    (outcome === null || outcomeOf(entry) === outcome);
}

function nameMatcher(glob: string | null): (name: string | null) => boolean {
  if (glob === null) return () => true;
  const matches = compileGlob(glob.toLowerCase());
  return (name) => name !== null && matches(name.toLowerCase());
}
