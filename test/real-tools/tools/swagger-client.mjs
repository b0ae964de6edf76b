// swagger-client: reads the server's own OpenAPI file through the proxy and calls operations by their id.
import SwaggerClient from 'swagger-client';

const { UNLEASH_API_URL, UNLEASH_API_TOKEN } = process.env;
const name = process.argv[2];
// The file needs no token; with one it comes from the server that the token is for.
const headers = { Authorization: UNLEASH_API_TOKEN };
const answer = await fetch(`${UNLEASH_API_URL}/docs/openapi.json`, { headers });
if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`);
// Old servers name an address of their own in it; calls are to go where the file came from.
const spec = { ...(await answer.json()), servers: [{ url: UNLEASH_API_URL }] };
const client = await SwaggerClient({
  spec,
  requestInterceptor: (request) => {
    request.headers.Authorization = UNLEASH_API_TOKEN;
    return request;
  },
});
const ask = async (operationId, parameters, requestBody) =>
  (
    await client.execute({
      operationId,
      parameters: { projectId: 'default', ...parameters },
      requestBody,
    })
  ).body;

const say = (line) => process.stdout.write(`${line}\n`);
if (Array.isArray((await ask('getFeatures', {})).features)) say('listed');
if ((await ask('createFeature', {}, { name })).name === name) say('created');
if ((await ask('getFeature', { featureName: name })).name === name) say('read');
await ask('archiveFeature', { featureName: name });
say('archived');
