import { BlockList, isIP } from 'node:net';

/**
 * Whether NO_PROXY names a host: by name, which means all below it too (`example.com`, `.example.com`,
 * `*.example.com`), by address, by range (`10.0.0.0/8`, `fd00::/8`), each also with a port, or by `*`. Entries are
 * parted by commas or spaces. There is no standard; these are the rules of curl and Go, where they agree, and of both
 * where one knows more. `hostname` is as `URL` has it.
 */
export function isExcepted(hostname: string, port: number, noProxy: string): boolean {
  const host = bare(hostname.toLowerCase());
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && names(entry, host, port));
}

function names(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const { name, port: itsPort } = parted(entry);
  if (itsPort !== null && itsPort !== port) return false;
  const family = isIP(host);
  if (family !== 0) return covers(name, host, family === 6 ? 'ipv6' : 'ipv4');
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

/** `host:port`, `[::1]:port`; an address of IPv6 without brackets has no port. */
function parted(entry: string): { name: string; port: number | null } {
  const [, bracketed, name, port] = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  const whole = bracketed ?? name;
  return whole === undefined
    ? { name: entry, port: null }
    : { name: whole, port: port === undefined ? null : Number(port) };
}

function covers(range: string, address: string, family: 'ipv4' | 'ipv6'): boolean {
  const [network = '', bits] = range.split('/');
  if (isIP(network) !== (family === 'ipv6' ? 6 : 4)) return false;
  const most = family === 'ipv6' ? 128 : 32;
  const length = bits === undefined ? most : Number(bits);
  if (!Number.isInteger(length) || length < 0 || length > most) return false;
  const list = new BlockList();
  list.addSubnet(network, length, family);
  return list.check(address, family);
}

/** Without brackets, and without the dot that ends a full name. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
