import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { Exchange } from '../../proxy/data/exchange.ts';
import { PARTS } from '../../proxy/data/pipeline.ts';
import { startPort } from '../conformance/kit/port.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

it('keeps nothing of its last request', async () => {
  const upstream = createServer((_request, response) => response.end('{"projects":[]}'));
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  const seen: WeakRef<Exchange>[] = [];
  const watch = {
    name: 'watch',
    check(exchange: Exchange) {
      seen.push(new WeakRef(exchange));
      return null;
    },
    passedBy: () => '',
  };
  const parts = { ...PARTS, steps: [...PARTS.steps, watch] };
  const proxy = await startPort({ upstream: `http://127.0.0.1:${port}`, parts });
  const agent = new Agent({ keepAlive: true });
  try {
    // On another connection the upstream's is used again, and lets go of the first request too.
    for (const keepAlive of [agent, new Agent()])
      await new Promise<void>((done, failed) => {
        const headers = { authorization: proxy.token };
        const options = { agent: keepAlive, headers };
        get(`${proxy.url}/api/admin/projects`, options, (answer) => {
          answer.resume().once('close', done);
        }).once('error', failed);
      });
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    await expect
      .poll(() => {
        collect();
        return seen[0]?.deref() === undefined;
      })
      .toBe(true);
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  } finally {
    agent.destroy();
    await proxy.dataPort.close();
    upstream.closeAllConnections();
    upstream.close();
  }
});
