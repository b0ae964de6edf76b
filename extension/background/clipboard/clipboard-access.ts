/**
 * What the background may do to the clipboard. Chromium has an offscreen document behind it, Firefox the event page
 * itself.
 */
export type ClipboardAccess = {
  /** Puts this text there, as plain text and nothing else. Rejects when the browser will not. */
  write(text: string): Promise<void>;
  /**
   * Empties the clipboard. With `compare` it looks first, and leaves alone what has another hash; without, whatever is
   * there goes. `id` is the record's: what was ended by a timer already is not ended twice (`already`), or the second
   * time would take what the user copied in between.
   */
  clear(order: ClearOrder): Promise<ClearResult>;
  /** Sets a timer that needs no background, where there can be one; false where the alarm is all there is. */
  clearAt(order: ClearOrder & { deadline: number }): Promise<boolean>;
  /** Forgets such a timer, and lets go of what the clipboard was kept open for. */
  release(): Promise<void>;
};

/** `compare` is the SHA-256 of what may be cleared, in hex, or null for a blind clear. */
export type ClearOrder = { id: string; compare: string | null };

/** `not-ours`: somebody else's text is there now. `failed`: the browser would not let us; try again later. */
export type ClearResult = 'cleared' | 'not-ours' | 'already' | 'failed';
