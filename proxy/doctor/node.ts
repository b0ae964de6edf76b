import inspector from 'node:inspector';
import { hostileEnvironment, nodeWarning } from '../runtime/node-environment.ts';
import { type Check, type Finding, failed, ok, warning } from './check.ts';

/** `engines` of package.json. */
const FLOOR = [20, 19] as const;

/** Node's version, and whether something in the environment keeps the proxy from starting. */
export const node: Check = {
  name: 'node',
  doing: null,
  async run({ io }) {
    const hostile = hostileEnvironment(process.execArgv, io.env, inspector.url() !== undefined);
    const found = versionFinding(process.version);
    return hostile ? [found, failed(hostile.message, `Type: ${hostile.next}`)] : [found];
  },
};

/** Exported for its test: which Node runs here cannot be chosen. */
export function versionFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major < FLOOR[0] || (major === FLOOR[0] && minor < FLOOR[1]))
    return failed(
      `Node ${version} is too old: Tokenleash needs ${FLOOR.join('.')} or later.`,
      'Install the current LTS release of Node: https://nodejs.org',
    );
  const said = nodeWarning(version);
  return said === null
    ? ok(`Node ${version}.`)
    : warning(said, 'Install the current LTS release of Node: https://nodejs.org');
}
