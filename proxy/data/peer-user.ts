import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { endianness } from 'node:os';

/**
 * Whose program is at the other end of a TCP connection on this machine, as the kernel has it
 * (https://docs.kernel.org/networking/proc_net_tcp.html). Linux only.
 */

const TABLE = { ipv4: '/proc/net/tcp', ipv6: '/proc/net/tcp6' };

/** As the table has it: a connection whose both ends are there. A closed one is shown as root's, whoever's it was. */
const ESTABLISHED = '01';
const NO_INODE = '0';

const reversed = endianness() === 'LE';

/** The kernel prints an address as 32-bit words of this machine's byte order. */
function words(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.slice(at, at + 4);
    if (reversed) word.reverse();
    for (const byte of word) text += byte.toString(16).padStart(2, '0');
  }
  return text.toUpperCase();
}

const MAPPED = words([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
const LOOPBACK_6 = words([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

const port = (number: number) => number.toString(16).toUpperCase().padStart(4, '0');

/** The two ends as the peer's line shows them, in the tables to look in. */
function endsOf(socket: Socket): { table: string; local: string; remote: string }[] {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (remotePort === undefined || localPort === undefined) return [];
  const here = `:${port(remotePort)}`;
  const there = `:${port(localPort)}`;
  if (remoteAddress === '::1' && localAddress === '::1')
    return [{ table: TABLE.ipv6, local: LOOPBACK_6 + here, remote: LOOPBACK_6 + there }];
  const from = ipv4(remoteAddress);
  const to = ipv4(localAddress);
  if (from === null || to === null) return [];
  const ends = { local: from + here, remote: to + there };
  return [
    { table: TABLE.ipv4, ...ends },
    // A program may reach an IPv4 address with a socket of IPv6.
    { table: TABLE.ipv6, local: MAPPED + ends.local, remote: MAPPED + ends.remote },
  ];
}

function ipv4(address = ''): string | null {
  return /^\d+(\.\d+){3}$/.test(address) ? words(address.split('.').map(Number)) : null;
}

/** The user id in the line of an established connection between these two ends; null where there is none. */
export function userInTable(table: string, local: string, remote: string): number | null {
  for (const line of table.split('\n')) {
    if (!line.includes(local)) continue;
    const [, from, to, state, , , , user = '', , inode] = line.trim().split(/\s+/);
    if (from !== local || to !== remote || state !== ESTABLISHED || inode === NO_INODE) continue;
    return /^\d+$/.test(user) ? Number(user) : null;
  }
  return null;
}

const known = new WeakMap<Socket, Promise<number | null>>();

/** The user id of a connection's other end, or null where the kernel does not say. Asked once for each connection. */
export function peerUser(socket: Socket): Promise<number | null> {
  let user = known.get(socket);
  if (user === undefined) {
    user = lookUp(socket).catch(() => null);
    known.set(socket, user);
  }
  return user;
}

async function lookUp(socket: Socket): Promise<number | null> {
  for (const { table, local, remote } of endsOf(socket)) {
    const user = userInTable(await readFile(table, 'latin1'), local, remote);
    if (user !== null) return user;
  }
  return null;
}

/**
 * Why `--keyless` cannot work here, as a sentence, or null. A user of another namespace is shown as the overflow
 * user, so nobody may be let in by that number.
 */
export function keylessFault(
  platform: NodeJS.Platform,
  ownUser: number | undefined,
): string | null {
  if (platform !== 'linux' || ownUser === undefined)
    return 'Only Linux says which user is at the other end of a connection, so --keyless works there alone.';
  try {
    readFileSync(TABLE.ipv4);
  } catch {
    return `${TABLE.ipv4} cannot be read, so nobody says which user is at the other end of a connection.`;
  }
  return ownUser === overflowUser()
    ? 'This user is the one that stands for all unknown ones, so --keyless would let in others.'
    : null;
}

const OVERFLOW_USER = 65_534;

function overflowUser(): number {
  try {
    return Number(readFileSync('/proc/sys/kernel/overflowuid', 'latin1')) || OVERFLOW_USER;
  } catch {
    return OVERFLOW_USER;
  }
}
