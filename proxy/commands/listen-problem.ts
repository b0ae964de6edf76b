import { codeOf, Problem } from '../problem.ts';
import { portOwner } from '../runtime/port-owner.ts';

/** A failed listen in words: who has the port, where this system tells. Other errors stay as they are. */
export function listenProblem(
  error: unknown,
  asked: {
    port: number;
    controlPort: number;
    socket: string | undefined;
    listen?: { host: string; port: number } | undefined;
  },
): unknown {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  const port = propertyOf(error, 'port');
  const path = propertyOf(error, 'path') ?? propertyOf(error, 'address');
  const { listen } = asked;
  if (listen !== undefined && propertyOf(error, 'address') === listen.host) {
    const next = 'tokenleash start --listen ADDRESS:PORT, with an address of this machine';
    if (code === 'EADDRNOTAVAIL')
      return new Problem(`${listen.host} is no address of this machine.`, next);
    if (code === 'EADDRINUSE')
      return new Problem(`Port ${listen.port} of ${listen.host} is taken.`, next);
    if (code === 'EACCES')
      return new Problem(`This user may not listen on port ${listen.port}.`, next);
  }
  if (typeof port === 'number' && port > 0) {
    const flag = port === asked.controlPort && port !== asked.port ? '--control-port' : '--port';
    const next = `tokenleash start ${flag} 0`;
    if (code === 'EADDRINUSE') {
      const owner = portOwner(port);
      return new Problem(`Port ${port} is taken${owner ? ` by ${owner}` : ''}.`, next);
    }
    if (code === 'EACCES') return new Problem(`This user may not listen on port ${port}.`, next);
  }
  if (typeof path === 'string' && path.startsWith('/')) {
    const next = asked.socket === undefined ? 'tokenleash status' : 'tokenleash start';
    if (code === 'EADDRINUSE') return new Problem(`The socket ${path} is in use.`, next);
    return new Problem(`Could not make the socket ${path}: ${code || 'unknown reason'}.`, next);
  }
  return error;
}

function propertyOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null
    ? (error as Record<string, unknown>)[name]
    : undefined;
}
