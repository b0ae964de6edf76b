import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPort } from '../conformance/kit/port.ts';
import { codeOf, startUpstream, statusOf, until } from '../conformance/kit/wire.ts';

const PROJECTS = '/api/admin/projects';
const FEATURES = '/api/admin/projects/default/features';
/** No user of this machine needs to have it: the kernel goes by the number. */
const OTHER_USER = 54_321;

const user = process.getuid?.() ?? -1;

/** A request by curl; as another user where we may become one. */
async function curl(url: string, words: string[] = [], uid?: number) {
  const options = uid === undefined ? {} : { uid, gid: uid };
  const args = ['-sSi', '--noproxy', '*', ...words, url];
  const { stdout } = await promisify(execFile)('curl', args, { cwd: '/', ...options });
  const body = stdout.slice(stdout.indexOf('\r\n\r\n') + 4);
  return { status: statusOf(stdout), code: codeOf(stdout), body };
}

async function start(keylessUser: number | null, access: 'read' | 'write' = 'write') {
  const upstream = await startUpstream();
  const context = keylessUser === null ? {} : { keylessUser };
  const proxy = await startPort({ upstream: upstream.url, context, profile: { access } });
  onTestFinished(() => proxy.dataPort.close());
  return { ...proxy, upstream };
}

describe.runIf(process.platform === 'linux')('a program without a token', () => {
  it('is let in under --keyless when it is of the same user, as uid:N and with the PAT', async () => {
    const { url, upstream, audit, pat } = await start(user);
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      const words = host.startsWith('[') ? ['-H', `Host: 127.0.0.1:${new URL(url).port}`] : [];
      const answer = await curl(url.replace('127.0.0.1', host) + PROJECTS, words);
      expect(answer).toMatchObject({ status: 200 });
    }
    expect(upstream.seen.map(({ headers }) => headers.authorization)).toEqual([pat, pat, pat]);
    await until('all were audited', () => audit.length === 3);
    expect(audit[0]).toMatchObject({ client: `uid:${user}`, via: 'uid', verdict: 'allowed' });
  });

  it('of another user is refused, told so, and nothing of it reaches the server', async () => {
    // Who is not root cannot become another user; then the proxy is another user's.
    const isRoot = user === 0;
    const { url, upstream, audit } = await start(isRoot ? user : user + 1);
    const answer = await curl(url + PROJECTS, [], isRoot ? OTHER_USER : undefined);
    expect(answer).toMatchObject({ status: 401, code: 'caller.unknown' });
    expect(JSON.parse(answer.body).message).toContain(
      `another user (uid ${isRoot ? OTHER_USER : user})`,
    );
    expect(upstream.seen).toEqual([]);
    await until('it was audited', () => audit.length === 1);
    expect(audit[0]).toMatchObject({ client: null, via: null, rule: 'keyless' });
  });

  it('is refused where --keyless was not asked for', async () => {
    const { url, upstream } = await start(null);
    expect(await curl(url + PROJECTS)).toMatchObject({ status: 401, code: 'caller.missing' });
    expect(upstream.seen).toEqual([]);
  });

  it("has the profile's access under --keyless, and never mints", async () => {
    const { url, upstream } = await start(user, 'read');
    const json = ['-H', 'content-type: application/json'];
    const write = await curl(url + FEATURES, [...json, '-d', '{"name":"x"}']);
    expect(write).toMatchObject({ status: 403, code: 'policy.read_only' });
    const all = await start(user);
    expect(await curl(all.url + FEATURES, [...json, '-d', '{"name":"x"}'])).toMatchObject({
      status: 200,
    });
    const mint = await curl(`${all.url}/api/admin/user/tokens`, [...json, '-d', '{}']);
    expect(mint).toMatchObject({ status: 403, code: 'policy.mint' });
    expect(upstream.seen).toEqual([]);
    expect(all.upstream.seen).toHaveLength(1);
  });

  it('is not a web page, nor one with a dead phantom token, under --keyless either', async () => {
    const { url, upstream } = await start(user);
    const page = await curl(url + PROJECTS, ['-H', 'Origin: http://localhost:3000']);
    expect(page).toMatchObject({ status: 403, code: 'browser.refused' });
    const dead = `Authorization: user:tl_${'0'.repeat(48)}`;
    expect(await curl(url + PROJECTS, ['-H', dead])).toMatchObject({ code: 'caller.unknown' });
    expect(upstream.seen).toEqual([]);
  });

  it('with a phantom token is its client under --keyless too', async () => {
    const { url, token, audit } = await start(user);
    await curl(url + PROJECTS, ['-H', `Authorization: ${token}`]);
    await until('it was audited', () => audit.length === 1);
    expect(audit[0]).toMatchObject({ client: 'test', via: 'phantom' });
  });
});
