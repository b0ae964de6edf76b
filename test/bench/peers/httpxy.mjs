// httpxy with a keep-alive agent. An ES module outside our own tree: imported by its address.
import { Agent, createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const folder = `${process.env.BENCH_PACKAGES}/node_modules/httpxy`;
const { createProxyServer } = await import(pathToFileURL(`${folder}/dist/index.mjs`).href);

const proxy = createProxyServer({
  target: process.env.BENCH_UPSTREAM,
  agent: new Agent({ keepAlive: true }),
  headers: { authorization: process.env.BENCH_PAT },
});
const server = createServer((request, response) => {
  proxy.web(request, response).catch((error) => response.destroy(error));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
