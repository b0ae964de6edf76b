/** Makes sure that gnome-keyring and dbus-daemon are there; asks for no network where they are. */
export function ensureKeychain(): Promise<void>;
