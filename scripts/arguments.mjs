// The words after `npm start --`.
import { parseArgs } from 'node:util';

export const HELP = `npm start                              boots a demo Unleash, starts the proxy, opens a browser with the extension
npm start -- --url URL                 the same against your own Unleash server
npm start -- --once                    walks through the main job headless and ends
npm start -- --unleash VERSION         the demo server's version: 8.2.0 (default), 6.10.1, 4.19.5 …
`;

/**
 * @param {string[]} words
 * @returns {{ help: boolean, once: boolean, url: string | null, version: string }}
 */
export function readArguments(words) {
  const { values } = parseArgs({
    args: words,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      once: { type: 'boolean', default: false },
      url: { type: 'string' },
      unleash: { type: 'string' },
    },
  });
  if (values.url !== undefined && values.unleash !== undefined) {
    throw new Error(
      '--url names your own server, --unleash the version of a demo server: use one of them.',
    );
  }
  if (values.url !== undefined && values.once) {
    throw new Error(
      '--once creates tokens on the server it walks through, so it runs on the demo server only. Leave out --url or --once.',
    );
  }
  return {
    help: values.help,
    once: values.once,
    url: values.url ?? null,
    version: values.unleash ?? '8.2.0',
  };
}
