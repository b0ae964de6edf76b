/** What a copied token is for. A backend and a frontend token look the same; only Unleash, or who made it, knows. */
export type CopyKind = 'backend' | 'frontend' | 'personal' | 'admin';

/** What a format may know of a token besides the token itself. */
export type CopyFacts = {
  kind: CopyKind;
  /** The instance's base URL with its base path, e.g. `https://unleash.example.com/flags`. */
  baseUrl: string;
  /** The token's name in Unleash, or a PAT's description: any text. */
  name: string;
};

/** What a format writes with. All of it is visible ASCII, so that quoting has no more to mind than marks. */
export type CopyParts = {
  token: string;
  /** Without a slash at the end. */
  baseUrl: string;
  kind: CopyKind;
  name: string;
};

/** One form that a token can be copied in: a file beside this folder, and a line in `formats.ts`. */
export type CopyFormat = {
  /** The file's name without its ending. */
  id: string;
  /** How the menu names it: most are the names of products. */
  label: string;
  /** `sdk`: below "SDK set-up" in the menu. */
  group?: 'sdk';
  /** The kinds of token that it makes sense for. */
  kinds: readonly CopyKind[];
  /** The text, without a line break at its end where it is one line. */
  write(parts: CopyParts): string;
};

export const EVERY_KIND: readonly CopyKind[] = ['backend', 'frontend', 'personal', 'admin'];
