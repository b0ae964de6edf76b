/** Whether a browser window can be shown here. */
export function hasDisplay(env = process.env, platform = process.platform) {
  if (platform === 'darwin' || platform === 'win32') return env.CI === undefined;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}
