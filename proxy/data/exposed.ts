import { isIP } from 'node:net';

/** An address beyond loopback, where the data port speaks TLS alone. */
export type Exposed = {
  host: string;
  port: number;
  /** PEM texts. */
  cert: string;
  key: string;
  /** What a Host header may name, without port: names and addresses in lower case, IPv6 in brackets, `*.` in front of a name. */
  names: readonly string[];
};

/** Whether a Host header names this address, port and all; the port may be left out where TLS has none. */
export function isExposedHost(
  host: string,
  { names, port }: Pick<Exposed, 'names' | 'port'>,
): boolean {
  const [, name = '', given = ''] =
    /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host.toLowerCase()) ?? [];
  if (given === '' ? port !== 443 : given !== String(port)) return false;
  return names.some((known) =>
    known.startsWith('*.') ? isOneLabelBelow(name, known.slice(1)) : known === name,
  );
}

/** As certificates mean it: one label in place of the star. */
function isOneLabelBelow(name: string, ending: string): boolean {
  const label = name.slice(0, -ending.length);
  return name.endsWith(ending) && label !== '' && !label.includes('.');
}

/** An address as a Host header has it. */
export function hostName(address: string): string {
  return isIP(address) === 6 ? `[${address.toLowerCase()}]` : address.toLowerCase();
}
