import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keylessFault, peerUser, userInTable } from '../../proxy/data/peer-user.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

const line = (local: string, remote: string, state: string, user: number, inode: string) =>
  `   1: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${user}        0 ${inode} 1 0000 20 0 0 10 -1\n`;

const ME = '0100007F:D431';
const PROXY = '0100007F:10B8';

describe('the user of a connection', () => {
  it("stands in the line of the peer's end, not of ours", () => {
    const table =
      HEAD +
      line(PROXY, ME, '01', 0, '11') +
      line(ME, PROXY, '01', 1000, '12') +
      line(ME, '0100007F:1111', '01', 7, '13');
    expect(userInTable(table, ME, PROXY)).toBe(1000);
    expect(userInTable(table, '0100007F:D432', PROXY)).toBeNull();
  });

  it.each([
    ['closed by its program, which the kernel shows as of root', '04', '0'],
    ['in FIN_WAIT2', '05', '0'],
    ['in TIME_WAIT', '06', '0'],
    ['closing, though its program is there', '04', '12'],
    ['without a program', '01', '0'],
  ])('is nobody where the connection is %s', (_how, state, inode) => {
    expect(userInTable(HEAD + line(ME, PROXY, state, 0, inode), ME, PROXY)).toBeNull();
  });

  it.runIf(process.platform === 'linux').each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])(
    'is ours for a connection of ours to %s',
    async (host) => {
      const accepted = await new Promise<Socket | null>((done, failed) => {
        const server = createServer((socket) => done(socket));
        server.once('error', () => done(null));
        server.listen(0, host.includes('127') ? '127.0.0.1' : host, () => {
          const client = connect((server.address() as AddressInfo).port, host);
          client.on('error', failed);
          onTestFinished(() => {
            client.destroy();
            server.close();
          });
        });
      });
      // A machine without IPv6 has no such connections.
      if (accepted === null) expect(host).toBe('::1');
      else {
        expect(await peerUser(accepted)).toBe(process.getuid?.());
        accepted.destroy();
      }
    },
  );
});

describe('--keyless', () => {
  it('works on Linux alone, and not for the user that stands for unknown ones', () => {
    expect(keylessFault('darwin', 501)).toContain('Linux');
    expect(keylessFault('win32', undefined)).toContain('Linux');
    if (process.platform === 'linux') {
      expect(keylessFault('linux', 65_534)).toContain('unknown');
      expect(keylessFault('linux', 1000)).toBeNull();
    }
  });
});
