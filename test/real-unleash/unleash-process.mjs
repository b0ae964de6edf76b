// One Unleash: `node unleash-process.mjs <installed folder>`, settings in the environment.
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The supervisor holds the other end; when it is gone, so are we, even if it was killed.
process.once('disconnect', () => process.exit(1));

const [folder] = process.argv.slice(2);
const server = path.join(folder, 'node_modules/unleash-server/dist/lib/server-impl.js');

// Old versions read port 0 as "not given". Letting the kernel choose here, and not beforehand,
// leaves no moment in which another process could take the port.
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function listenOnFreePort(options, ...rest) {
  this.once('listening', () => process.send?.({ port: this.address().port }));
  return listen.call(this, { ...options, host: '127.0.0.1', port: 0 }, ...rest);
};

try {
  const loaded = await import(pathToFileURL(server).href);
  const start = loaded.start ?? loaded.default.start;
  await start({ server: { host: '127.0.0.1' } });
  process.send?.({ started: true });
} catch (error) {
  console.error(error);
  process.exit(1);
}
