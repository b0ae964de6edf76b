import { describe, expect, it } from 'vitest';
import { clientEnvironment, credentialsOf } from '../../proxy/clients/client-environment.ts';
import type { Profile } from '../../proxy/profiles/profile.ts';

const URL = 'http://127.0.0.1:4280';
const TOKEN = `user:tl_${'x'.repeat(43)}`;
const PAT = `user:${'a'.repeat(56)}`;

describe('the environment of a program under the proxy', () => {
  it('has address and token under every name that real clients read, and nothing else', () => {
    expect(clientEnvironment(URL, TOKEN)).toEqual({
      UNLEASH_URL: URL,
      UNLEASH_BASE_URL: URL,
      UNLEASH_API_URL: URL,
      UNLEASH_AUTH_TOKEN: TOKEN,
      AUTH_TOKEN: TOKEN,
      UNLEASH_API_TOKEN: TOKEN,
      UNLEASH_PAT: TOKEN,
    });
  });

  it.each([
    ['none before', {}, '127.0.0.1,localhost,::1'],
    [
      'some in lower case',
      { no_proxy: '.corp, 10.0.0.1' },
      '.corp,10.0.0.1,127.0.0.1,localhost,::1',
    ],
    ['some in upper case', { NO_PROXY: 'localhost' }, 'localhost,127.0.0.1,::1'],
  ])('leads past a corporate proxy, with %s', (_, given, all) => {
    for (const name of ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'])
      expect(
        clientEnvironment(URL, TOKEN, { ...given, [name]: 'http://proxy.corp:3128' }),
      ).toMatchObject({ no_proxy: all, NO_PROXY: all });
  });

  it('leaves NO_PROXY alone where nothing or everything is proxied already', () => {
    expect(clientEnvironment(URL, TOKEN, { NO_PROXY: 'x', HTTP_PROXY: '' })).not.toHaveProperty(
      'NO_PROXY',
    );
    const past = { HTTP_PROXY: 'http://proxy.corp:3128', NO_PROXY: '*' };
    expect(clientEnvironment(URL, TOKEN, past)).not.toHaveProperty('NO_PROXY');
  });
});

describe('what a program under the proxy must not have', () => {
  const names = (env: NodeJS.ProcessEnv) => credentialsOf(env, []).foreign;

  it.each([
    ['a PAT', PAT],
    ['a PAT within a header', `Authorization: Bearer ${PAT}`],
    ['an admin token', `*:*.${'b'.repeat(56)}`],
    ['a token of an old server', 'c'.repeat(64)],
  ])('is %s in a variable of Unleash', (_, value) => {
    expect(names({ UNLEASH_ADMIN_TOKEN: value, PATH: '/bin' })).toEqual(['UNLEASH_ADMIN_TOKEN']);
  });

  it('is not a backend or frontend token, another program’s variable, or what is set anyway', () => {
    const backend = `default:development.${'d'.repeat(56)}`;
    expect(
      names({
        UNLEASH_SERVER_API_TOKEN: backend,
        OTHER_TOKEN: PAT,
        UNLEASH_PAT: PAT,
        UNLEASH_A: '',
      }),
    ).toEqual([]);
  });

  it('is the variable that a profile takes its token from', () => {
    const profile = { source: { from: 'env', variable: 'MY_PAT' } } as Profile;
    expect(credentialsOf({ MY_PAT: PAT }, [profile]).sources).toEqual(['MY_PAT']);
    const ours = { source: { from: 'env', variable: 'UNLEASH_SECRET' } } as Profile;
    expect(credentialsOf({ UNLEASH_SECRET: PAT }, [ours])).toEqual({
      foreign: [],
      sources: ['UNLEASH_SECRET'],
    });
  });
});
