import type { Failure, Nothing, TokenKind } from './vocabulary.ts';

/** An Unleash server as the extension knows it. `id` is origin + base path without a trailing slash. */
export type Instance = { id: string; origin: string; basePath: string; name: string };

export type Environment = { name: string; type: string; enabled: boolean };
export type Project = { id: string; name: string };

/** What this user may do on this server; what is absent is not offered. */
export type Abilities = {
  kinds: TokenKind[];
  /** For backend and frontend: `all` = every project and all of them at once; a list = only these, by the project endpoint. */
  projects: { backend: 'all' | string[]; frontend: 'all' | string[] };
  /** Unleash's names of the rights that are missing, e.g. `CREATE_CLIENT_API_TOKEN`. */
  missing: string[];
  role: string | null;
};

export type InstanceState =
  | {
      state: 'ready';
      version: string;
      /** User name, e-mail or name. */
      user: string;
      abilities: Abilities;
      projects: Project[];
      environments: Environment[];
      pats: { used: number; limit: number; descriptions: string[] };
    }
  | { state: 'not-logged-in'; loginUrl: string }
  /** The host permission was taken back. */
  | { state: 'no-access' }
  | { state: 'not-unleash'; message: string }
  | { state: 'unreachable'; message: string };

/** The servers that the user added, and what one of them says of itself. */
export type InstanceMessages = {
  'instances.list': {
    tier: 'internal';
    request: Nothing;
    answer: { instances: Instance[]; currentId: string | null };
  };
  /** The host permission is held already: the options page asks for it inside the click. `url` as typed or pasted. */
  'instances.add': {
    tier: 'internal';
    /** Without `allowHttp`, plain http to another machine ends in `url.clear-text`. */
    request: { url: string; allowHttp?: boolean };
    answer:
      | {
          ok: true;
          instance: Instance;
          loggedIn: boolean;
          loginUrl: string;
          version: string | null;
        }
      | Failure;
  };
  /** Its host is given back a little later, so that the removal can be undone without a prompt. */
  'instances.remove': {
    tier: 'internal';
    request: { id: string };
    answer: { ok: true } | Failure;
  };
  /** Undoes a removal: the same name at the same place of the list, `current` as it was. */
  'instances.restore': {
    tier: 'internal';
    request: { id: string; name: string; at: number; current: boolean };
    answer: { ok: true } | Failure;
  };
  /** An empty name brings back the one it had at first: host and path. */
  'instances.rename': {
    tier: 'internal';
    request: { id: string; name: string };
    answer: { ok: true; name: string } | Failure;
  };
  'instances.use': { tier: 'internal'; request: { id: string }; answer: { ok: true } | Failure };
  'instance.load': { tier: 'internal'; request: { id: string }; answer: InstanceState };
};
