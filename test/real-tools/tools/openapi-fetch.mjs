// openapi-fetch: paths as the OpenAPI file has them.
import createClient from 'openapi-fetch';

const { UNLEASH_URL, UNLEASH_PAT } = process.env;
const name = process.argv[2];
const unleash = createClient({ baseUrl: UNLEASH_URL, headers: { Authorization: UNLEASH_PAT } });
const FLAGS = '/api/admin/projects/{projectId}/features';
const FLAG = '/api/admin/projects/{projectId}/features/{featureName}';

async function data(call) {
  const { data, error, response } = await call;
  if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(error)}`);
  return data;
}

const say = (line) => process.stdout.write(`${line}\n`);
const project = { params: { path: { projectId: 'default' } } };
const flag = { params: { path: { projectId: 'default', featureName: name } } };
if (Array.isArray((await data(unleash.GET(FLAGS, project))).features)) say('listed');
if ((await data(unleash.POST(FLAGS, { ...project, body: { name } }))).name === name) say('created');
if ((await data(unleash.GET(FLAG, flag))).name === name) say('read');
await data(unleash.DELETE(FLAG, { ...flag, parseAs: 'text' }));
say('archived');
