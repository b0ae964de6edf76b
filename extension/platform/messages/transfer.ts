import type { Settings } from './settings.ts';
import type { Failure, Nothing } from './vocabulary.ts';

type SettingChange = {
  [K in keyof Settings]: { of: 'setting'; key: K; before: Settings[K]; after: Settings[K] };
}[keyof Settings];

/** One thing that an import would change. Nothing is ever removed by one. */
export type TransferChange =
  | SettingChange
  | { of: 'instance'; change: 'added' | 'renamed'; id: string; name: string }
  | { of: 'recipe'; change: 'added' | 'replaced'; name: string };

export type TransferPreview = {
  ok: true;
  changes: TransferChange[];
  /** Names in the file that this version does not know. */
  unknown: string[];
  /** Settings that the file would change, but an administrator has set. */
  locked: (keyof Settings)[];
  /** Match patterns of the instances that would be added. */
  hosts: string[];
};

/** Settings to a file and from one; never a secret. */
export type TransferMessages = {
  'transfer.export': { tier: 'internal'; request: Nothing; answer: { text: string } };
  /** What the file would change. Fails with `file.*`; `text` is the whole of it. */
  'transfer.preview': {
    tier: 'internal';
    request: { text: string };
    answer: TransferPreview | Failure;
  };
  /** Takes all of it or nothing. */
  'transfer.take': {
    tier: 'internal';
    request: { text: string };
    answer: { ok: true; changes: number } | Failure;
  };
};
