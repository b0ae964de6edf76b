import { isIP } from 'node:net';
import type { Option } from './command.ts';

export type ExposedOptions = {
  listen: ListenAddress | undefined;
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  iKnowThisExposesMyToken: boolean;
};

type ListenAddress = { host: string; port: number };

const DEFAULT_PORT = 4282;

/** The address beyond loopback, and the three things without which there is none. */
export const EXPOSED_OPTIONS: readonly Option[] = [
  {
    flags: '--listen <address>',
    description: `also listen there, by TLS: an IP address beyond this machine’s own loopback, and a port (default: ${DEFAULT_PORT})`,
    parse: parseListen,
  },
  {
    flags: '--tls-cert <file>',
    description: 'certificate for --listen, and those between it and its CA; PEM',
    values: 'files',
  },
  { flags: '--tls-key <file>', description: 'its key; PEM, for your eyes alone', values: 'files' },
  {
    flags: '--i-know-this-exposes-my-token',
    description: 'who reaches the address of --listen may try phantom tokens there',
    fallback: false,
    flagOnly: true,
  },
];

/** `192.0.2.7`, `192.0.2.7:4443`, `[2001:db8::7]:4443`, `2001:db8::7`. */
function parseListen(text: string): ListenAddress {
  const [, six, four, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = isIP(text) === 6 ? text : (six ?? four ?? '');
  const port = digits === undefined || host === text ? DEFAULT_PORT : Number(digits);
  if (isIP(host) === 0 || port > 65_535)
    throw new Error('has to be an IP address, and a port if you like: 192.0.2.7:4282');
  return { host, port };
}
