// http-proxy 1.18.1 with a keep-alive agent and nothing else: the base of all ratios.
import { Agent, createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.BENCH_PACKAGES}/package.json`);
const httpProxy = require('http-proxy');

const proxy = httpProxy.createProxyServer({
  target: process.env.BENCH_UPSTREAM,
  agent: new Agent({ keepAlive: true }),
  headers: { authorization: process.env.BENCH_PAT },
});
const server = createServer((request, response) => proxy.web(request, response));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
