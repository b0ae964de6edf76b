// Bytes from one socket to another and back, on Node, and nothing else: no HTTP is read, no token put in (the load
// brings it), nothing checked. No proxy on Node does less: what this costs, nobody can save.
import { connect, createServer } from 'node:net';

const { hostname, port } = new URL(process.env.BENCH_UPSTREAM);

const server = createServer({ noDelay: true }, (client) => {
  const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ]) {
    from.on('data', (chunk) => {
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
