// undici, with a pool of connections that pipelines.
import { Pool } from 'undici';

const { UNLEASH_URL, UNLEASH_API_TOKEN } = process.env;
const name = process.argv[2];
const flags = '/api/admin/projects/default/features';
const headers = { authorization: UNLEASH_API_TOKEN, 'content-type': 'application/json' };
const pool = new Pool(UNLEASH_URL, { connections: 2, pipelining: 4 });

async function ask(method, path, body) {
  const answer = await pool.request({ method, path, headers, body: body && JSON.stringify(body) });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

const say = (line) => process.stdout.write(`${line}\n`);
const lists = await Promise.all(Array.from({ length: 20 }, () => ask('GET', flags)));
if (lists.every(({ features }) => Array.isArray(features))) say('listed');
if ((await ask('POST', flags, { name })).name === name) say('created');
if ((await ask('GET', `${flags}/${name}`)).name === name) say('read');
await ask('DELETE', `${flags}/${name}`);
say('archived');
await pool.close();
