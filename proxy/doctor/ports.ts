import { createServer } from 'node:net';
import { settle } from '../commands/settle.ts';
import { command as start } from '../commands/start.ts';
import { codeOf, EXIT, Problem } from '../problem.ts';
import { portOwner } from '../runtime/port-owner.ts';
import { type Check, type DoctorContext, type Finding, failed, ok, warning } from './check.ts';

/** Who has the ports that `tokenleash start` would take: this proxy, nobody, or somebody else. */
export const ports: Check = {
  name: 'ports',
  doing: null,
  async run(context) {
    const { running } = context;
    if (running?.address) {
      const { pid, address } = running;
      const held = [address.url, address.control].map((url) => heldFinding(url, pid));
      return address.exposed ? [...held, exposedFinding(address.exposed)] : held;
    }
    const wanted = await wantedPorts(context);
    if (wanted instanceof Problem) return [failed(wanted.message, `Type: ${wanted.next}`)];
    return await Promise.all([
      freeFinding(wanted.port, '--port'),
      freeFinding(wanted.controlPort, '--control-port'),
    ]);
  },
};

function exposedFinding(url: string): Finding {
  return warning(
    `The proxy can be reached from beyond this machine, at ${url}.`,
    'If that is no longer needed, start it without --listen. Type: tokenleash stop',
  );
}

/** A proxy that was told apart from another program on its port by /proc, where that tells. */
function heldFinding(url: string, pid: number): Finding {
  const owner = portOwner(Number(new URL(url).port));
  if (owner !== null && !owner.endsWith(`process ${pid}`))
    return failed(
      `${url} should be the proxy's (process ${pid}), and is held by ${owner}.`,
      'Type: tokenleash stop',
    );
  return ok(`${url} is held by the running proxy (process ${pid}).`);
}

async function wantedPorts({ io, config }: DoctorContext) {
  const options = (start.options ?? []).filter(({ flags }) => /^--(?:control-)?port /.test(flags));
  try {
    const settled = await settle(options, [], {
      flags: {},
      values: [],
      env: io.env,
      settings: async () => config?.settings ?? {},
      command: 'tokenleash start',
    });
    return settled as { port: number; controlPort: number };
  } catch (error) {
    if (error instanceof Problem && error.exit === EXIT.usage) return error;
    throw error;
  }
}

async function freeFinding(port: number, flag: string): Promise<Finding> {
  if (port === 0) return ok(`${flag} 0: a free port is picked at each start.`);
  const faults = await Promise.all(['127.0.0.1', '::1'].map((host) => listenFault(port, host)));
  if (faults.includes('EADDRINUSE'))
    return failed(
      `Port ${port} is taken by ${portOwner(port) ?? 'another program'}.`,
      `Type: tokenleash start ${flag} 0`,
    );
  if (faults.includes('EACCES'))
    return failed(`This user may not listen on port ${port}.`, `Type: tokenleash start ${flag} 0`);
  return ok(`Port ${port} is free.`);
}

/** The code that listening there fails with, or null; a machine without IPv6 has no fault. */
function listenFault(port: number, host: string): Promise<string | null> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error) => done(codeOf(error)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => done(null)));
  });
}
