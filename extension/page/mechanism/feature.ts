import type {
  Answer,
  MessageName,
  MessageTable,
  PageWords,
  Request,
} from '../../platform/messages.ts';
import type { Notice } from './notice.ts';
import type { PageChanges } from './page-changes.ts';
import type { Route } from './route.ts';

/** The messages that a page may send; the background takes no others from it. */
export type PageMessage = {
  [N in MessageName]: MessageTable[N]['tier'] extends 'page' ? N : never;
}[MessageName];

export type FeatureContext = {
  route: Route;
  /** Null: no answer came, because the extension was updated, switched off or failed; the page hears nothing of it. */
  send<N extends PageMessage>(name: N, request: Request<N>): Promise<Answer<N> | null>;
  /** Calls back now and after every change of the page, at most once a frame and before it is painted. */
  onChange: PageChanges['onChange'];
  notice: Notice;
  words: PageWords;
};

/**
 * One thing that Tokenleash does in the admin UI. `init` runs when the route begins to match; the signal ends all that
 * it started. The setting that switches it off is its id in camel case. A missing anchor means: do nothing.
 */
export type Feature = {
  /** The name of its file. */
  id: string;
  matches(route: Route): boolean;
  init(context: FeatureContext, signal: AbortSignal): void;
};
