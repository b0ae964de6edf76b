import type { ControlErrorCode, ControlRefusal } from './control-errors.ts';

/** What a route gives back: a value for the body, or a refusal. `after` runs once the answer has been sent. */
export type RouteResult = { status: 200; value: unknown; after?: () => void } | ControlRefusal;

export const refused = (code: ControlErrorCode, message?: string): ControlRefusal =>
  message === undefined ? { refused: code } : { refused: code, message };

export const answered = (value: unknown): RouteResult => ({ status: 200, value });

/** The message of something thrown, for the log. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
