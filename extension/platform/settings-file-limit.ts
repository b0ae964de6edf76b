/** Bytes of a settings file; a hundred instances and a hundred recipes need a fifth of it. */
export const SETTINGS_FILE_LIMIT = 256 * 1024;
