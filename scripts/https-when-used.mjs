// Stands in the built proxy for `https`, which http-proxy loads at once: it is loaded when a request needs it. http-proxy
// calls nothing else of it where it opens no server of its own.

/** @param {import('node:https').RequestOptions} options */
export function request(options) {
  return process.getBuiltinModule('node:https').request(options);
}
