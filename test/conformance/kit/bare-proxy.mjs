// http-proxy 1.18.1 as its readme has it wired, in a process of its own, because many cases end that process.
// Arguments: upstream URL, settings as JSON. Prints its port.
import { Agent, createServer } from 'node:http';
import httpProxy from 'http-proxy';

const [target, settingsText] = process.argv.slice(2);
const { inject, agent, maxSockets, ws, ...options } = JSON.parse(settingsText);
const authorization = process.env.BARE_AUTHORIZATION;

const proxy = httpProxy.createProxyServer({
  target,
  ...(agent
    ? { agent: new Agent({ keepAlive: true, ...(maxSockets ? { maxSockets } : {}) }) }
    : {}),
  ...(inject === 'headers' ? { headers: { authorization } } : {}),
  ...options,
});
if (inject === 'event') {
  proxy.on('proxyReq', (proxyReq) => proxyReq.setHeader('authorization', authorization));
}
proxy.on('error', (error, _request, response) => {
  response.writeHead(502, { 'x-bare-error': error.code ?? 'none' });
  response.end('bad gateway');
});

const server = createServer((request, response) => proxy.web(request, response));
if (ws) server.on('upgrade', (request, socket, head) => proxy.ws(request, socket, head));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
