// axios, which asks for a corporate proxy in the environment.
import axios from 'axios';

const { UNLEASH_URL, UNLEASH_PAT } = process.env;
const name = process.argv[2];
const flags = '/api/admin/projects/default/features';
const unleash = axios.create({ baseURL: UNLEASH_URL, headers: { Authorization: UNLEASH_PAT } });

const say = (line) => process.stdout.write(`${line}\n`);
if (Array.isArray((await unleash.get(flags)).data.features)) say('listed');
if ((await unleash.post(flags, { name })).data.name === name) say('created');
if ((await unleash.get(`${flags}/${name}`)).data.name === name) say('read');
await unleash.delete(`${flags}/${name}`);
say('archived');
