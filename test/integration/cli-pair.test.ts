import { expect, test } from 'vitest';
import { fetchStatus, pair } from '../../extension/background/proxy-link-exchange.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { CHROMIUM, type Extension, FIREFOX, startExtension } from './control-fixture.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();

async function withProxy() {
  const cli = built.fresh();
  const { url } = sharedUnleash();
  const words = ['--url', url, '--token-from', 'browser', '--unattended'];
  await cli.run(['profile', 'add', 'demo', ...words]);
  return { cli, proxy: await cli.start() };
}

async function pairAs(
  cli: ReturnType<typeof built.fresh>,
  origin: string,
  name: string,
): Promise<Extension> {
  const extension = startExtension(origin, { now: Date.now() });
  const { code } = JSON.parse((await cli.run(['pair', '--json'])).stdout);
  expect(await pair(extension, code, name)).toMatchObject({ ok: true });
  return extension;
}

const listed = async (cli: ReturnType<typeof built.fresh>) =>
  JSON.parse((await cli.run(['pair', '--list', '--json'])).stdout);

test('pair --list shows every paired browser by name, origin and times, and after a new start too', async () => {
  const { cli, proxy } = await withProxy();
  expect(await listed(cli)).toEqual({ version: 1, browsers: [] });
  expect(await cli.run(['pair', '--list'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'No browser is paired.\nType: tokenleash pair\n',
  });
  await pairAs(cli, CHROMIUM, 'Chromium');
  await pairAs(cli, FIREFOX, 'Firefox');
  const { version, browsers } = await listed(cli);
  expect(version).toBe(1);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
  const id = expect.stringMatching(/^\S+$/);
  const times = { pairedAt: time, lastUsedAt: time };
  expect(browsers).toHaveLength(2);
  expect(browsers).toContainEqual({ id, name: 'Chromium', origin: CHROMIUM, ...times });
  expect(browsers).toContainEqual({ id, name: 'Firefox', origin: FIREFOX, ...times });
  const shown = await cli.run(['pair', '--list']);
  expect(shown.stdout).toMatch(/^NAME +PAIRED +LAST USED +ORIGIN\n/);
  expect(shown.stdout).toContain(CHROMIUM);
  await proxy.end();
  await cli.start();
  const again = (await listed(cli)).browsers.map(({ name }: { name: string }) => name);
  expect(again.sort()).toEqual(['Chromium', 'Firefox']);
});

test('pair --end ends one link at once, by name or id, and leaves the others', async () => {
  const { cli } = await withProxy();
  const chromium = await pairAs(cli, CHROMIUM, 'Chromium');
  const firefox = await pairAs(cli, FIREFOX, 'Firefox');
  expect(await fetchStatus(chromium)).toMatchObject({ state: 'connected' });
  const ended = await cli.run(['pair', '--end', 'Chromium']);
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"Chromium"') });
  expect(await fetchStatus(chromium)).not.toMatchObject({ state: 'connected' });
  expect(await fetchStatus(firefox)).toMatchObject({ state: 'connected' });
  const { browsers } = await listed(cli);
  expect(browsers).toMatchObject([{ name: 'Firefox' }]);
  expect((await cli.run(['pair', '--end', browsers[0].id])).code).toBe(0);
  expect(await fetchStatus(firefox)).not.toMatchObject({ state: 'connected' });
  expect(await listed(cli)).toEqual({ version: 1, browsers: [] });
});

test('pair --end of an unknown browser exits 2, offers the nearest and ends nothing', async () => {
  const { cli } = await withProxy();
  await pairAs(cli, CHROMIUM, 'Chromium');
  expect(await cli.run(['pair', '--end', 'chromum'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Type: tokenleash pair --end Chromium'),
  });
  expect(await cli.run(['pair', '--end', 'x'.repeat(300)])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Type: tokenleash pair --list'),
  });
  expect(await cli.run(['pair', '--list', '--end', 'Chromium'])).toMatchObject({ code: 2 });
  expect((await listed(cli)).browsers).toHaveLength(1);
});

test('without a running proxy, --list and --end say how to start one', async () => {
  const { run } = built.fresh();
  for (const words of [['--list'], ['--list', '--json'], ['--end', 'Chromium']])
    expect(await run(['pair', ...words])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('Type: tokenleash start'),
    });
});
