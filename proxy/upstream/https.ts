/**
 * Node's module for https, loaded when the first connection needs it: it brings all of TLS along, and a proxy is ready
 * sooner without.
 */
export function https(): typeof import('node:https') {
  return process.getBuiltinModule('node:https');
}
