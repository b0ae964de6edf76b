import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { handOver, pair } from '../../extension/background/proxy-link-exchange.ts';
import { CHROMIUM, startExtension } from '../integration/control-fixture.ts';
import type { SharedUnleash } from '../real-unleash/shared.ts';
import { DOCUMENTED_HOST } from './own-server.ts';
import type { Reply } from './terminal.ts';

/** The machine on which a page's blocks run. */
export type World = {
  /** Removed at the end; holds the others. */
  scratch: string;
  /** The user's home. */
  home: string;
  /** First on PATH. */
  bin: string;
  env: NodeJS.ProcessEnv;
  /** The real server behind `https://unleash.example.com`. */
  unleash: SharedUnleash;
  /** A PAT of it. */
  pat: string;
};

/** How the blocks of a page are run: what one who reads it has, does and sees beside typing them. */
export type Page = {
  /** It is read in the clone; else in an empty home with `tokenleash` installed. */
  inClone?: boolean;
  /** What the page takes for granted: programs, files … */
  before?(world: World): Promise<void> | void;
  /** … and what has been typed already. */
  given?: readonly string[];
  replies(world: World): readonly Reply[];
  /** Commands that do not end by themselves; the next ones are typed in another terminal. */
  stays?: readonly { command: RegExp; until: RegExp; ctrlC?: true }[];
  /** Commands that the page says end with another exit code than 0. */
  exits?: readonly { command: RegExp; code: number }[];
  /** What a command has to show. */
  shows?: readonly { command: RegExp; output: RegExp }[];
  /** Runs this test, so it cannot run it again. */
  ranByItself?: RegExp;
};

const PASSPHRASE = 'correct horse battery staple';

/** Where a secret is asked for, a person types or pastes it. */
const prompts = ({ pat }: World): Reply[] => [
  { asks: /Personal access token/, answer: pat },
  { asks: /New passphrase/, answer: PASSPHRASE },
  { asks: /The same passphrase again/, answer: PASSPHRASE },
  { asks: /Passphrase of the sealed tokens/, answer: PASSPHRASE },
];

/** `tokenleash pair` prints a code; the extension pairs with it and sends a new PAT to the proxy. */
const pairsAndSends = ({ unleash }: World): Reply => ({
  asks: /^((?:\w{4}-)+\w{4,})$/m,
  async act([, code = '']) {
    const extension = startExtension(CHROMIUM, { now: Date.now() });
    expect(await pair(extension, code, 'Chromium')).toMatchObject({ ok: true });
    const made = await unleash.createPat(`docs-hand-over-${Date.now()}`);
    const sent = await handOver(extension, {
      secret: made.secret,
      id: Number(made.id),
      expiresAt: made.expiresAt,
      owner: unleash.username,
      origin: `https://${DOCUMENTED_HOST}`,
    });
    expect(sent).toMatchObject({ state: 'answered', answer: { result: 'stored' } });
  },
});

const START = { command: /^tokenleash start\b/, until: /Tokenleash listens on/ };

export function installed(world: World): void {
  symlinkSync(
    join(import.meta.dirname, '../../dist/proxy/tokenleash.js'),
    join(world.bin, 'tokenleash'),
  );
}

/** Stands for a program that the reader has: it asks Unleash for its projects, as that program would. */
function putProgram(world: World, name: string): void {
  const path = join(world.bin, name);
  writeFileSync(
    path,
    '#!/bin/sh\nexec curl -sf -H "Authorization: $UNLEASH_AUTH_TOKEN" "$UNLEASH_URL/api/admin/projects"\n',
  );
  chmodSync(path, 0o755);
}

const URL = `https://${DOCUMENTED_HOST}`;
const addsProfile = (name: string) => `tokenleash profile add ${name} --url ${URL}`;

/** Every page with shell blocks. */
export const PAGES: Record<string, Page> = {
  'README.md': {
    inClone: true,
    before: (world) => putProgram(world, 'terraform'),
    replies: (world) => [...prompts(world), pairsAndSends(world)],
    stays: [
      START,
      { command: /^npm start$/m, until: /Unleash and the proxy keep running/, ctrlC: true },
      { command: /^npm start -- --url/, until: /so no browser was opened/, ctrlC: true },
    ],
    shows: [
      { command: /--once/, output: /The main job works/ },
      { command: /^tokenleash run/, output: /"projects"/ },
      { command: /^tokenleash log/, output: /getProjects/ },
      { command: /^tokenleash explain/, output: /policy\.rule/ },
    ],
    ranByItself: /^npm test$/m,
  },
  'docs/observing.md': {
    before: installed,
    given: [addsProfile('prod')],
    replies: prompts,
    stays: [START],
    shows: [
      { command: /readyz/, output: /"ok"/ },
      { command: /metrics$/, output: /^tokenleash_clients 0$/m },
      { command: /unix-socket/, output: /"projects"/ },
    ],
  },
  'docs/policy.md': {
    before: installed,
    given: [addsProfile('prod')],
    replies: prompts,
    shows: [{ command: /rule list/, output: /production/ }],
  },
  'docs/shared-gateway.md': {
    before: installed,
    given: [addsProfile('prod')],
    replies: prompts,
    shows: [{ command: /export nginx/, output: /Written: .*tokenleash-prod\.conf/ }],
  },
  'docs/secrets.md': {
    before(world) {
      installed(world);
      // Stands for the reader's own vault.
      const answer = JSON.stringify({ version: 1, token: world.pat });
      const path = join(world.bin, 'my-vault');
      writeFileSync(path, `#!/bin/sh\n[ "$1" = unleash/ci ] && echo '${answer}'\n`, {
        mode: 0o700,
      });
    },
    replies: prompts,
    shows: [
      { command: /show prod/, output: /sealed-file/ },
      { command: /run --profile/, output: /"projects"/ },
      { command: /--to file/, output: /in clear/ },
    ],
  },
  'docs/tools.md': {
    before: installed,
    given: [addsProfile('acme'), 'tokenleash start'],
    replies: prompts,
    stays: [START],
    shows: [{ command: /curl/, output: /"projects"/ }],
  },
};
