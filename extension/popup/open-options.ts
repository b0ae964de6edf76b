/** Opens the options page in a tab and closes the popup; `query` fills its form in. */
export type OpenOptions = (query?: Record<string, string>) => Promise<void>;
