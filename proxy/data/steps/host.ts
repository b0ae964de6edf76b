import { type Refusal, refuse } from '../../errors.ts';
import { type Step, valuesOf } from '../exchange.ts';
import { isExposedHost } from '../exposed.ts';

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

function isOwnHost(host: string, port: number, portless: boolean): boolean {
  return NAMES.some((name) => host === `${name}:${port}` || (portless && host === name));
}

/** Beyond this machine, the names that the certificate has. */
function exposedHost(hosts: string[], names: readonly string[], port: number): Refusal | null {
  const [only] = hosts;
  if (hosts.length === 1 && only !== undefined && isExposedHost(only, { names, port })) return null;
  return refuse('host.refused', 'The request names another host than this proxy.', {
    hint: 'Use a name that stands in its certificate, and its port',
  });
}

/**
 * A page whose name was re-bound to this machine has no other mark than its foreign Host (DNS rebinding), so it is
 * compared exactly, port included. Two Host lines are none: Node takes the first, another parser the second.
 */
export const host: Step = {
  name: 'host',
  check({ lines, port, via, names }) {
    const hosts = valuesOf(lines, 'host');
    const [only] = hosts;
    if (names !== null) return exposedHost(hosts, names, port);
    const portless = via === 'socket' || port === 80;
    if (hosts.length === 1 && only !== undefined && isOwnHost(only, port, portless)) return null;
    return refuse('host.refused', 'The request names another host than this proxy.', {
      hint: `Use http://127.0.0.1:${port}`,
    });
  },
  passedBy: ({ port }) => `Host is 127.0.0.1, localhost or [::1] with port ${port}`,
};
