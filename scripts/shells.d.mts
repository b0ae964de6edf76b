/** Installs the shells that are missing; throws where one is still missing then. */
export function ensureShells(): Promise<void>;
