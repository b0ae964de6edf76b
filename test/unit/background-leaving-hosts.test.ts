import { describe, expect, test } from 'vitest';
import { createInstances } from '../../extension/background/instances.ts';
import {
  createLeavingHosts,
  LEAVING_ALARM,
  LEAVING_MS,
} from '../../extension/background/leaving-hosts.ts';
import { fakeAlarms, fakeStore } from './background-fake-browser.ts';

const START = 1_800_000_000_000;

async function setUp() {
  const local = fakeStore();
  const alarms = fakeAlarms();
  const given: string[] = [];
  const instances = createInstances({
    local,
    managed: async () => [],
    mayReach: async () => true,
    changed: async () => {},
  });
  await instances.add('https://a.example/one');
  await instances.add('https://a.example:8443');
  await instances.add('https://b.example');
  const hosts = createLeavingHosts({
    local,
    alarms,
    instances: async () => (await instances.list()).instances,
    giveBack: async (pattern) => void given.push(pattern),
    now: () => START,
  });
  return { instances, hosts, alarms, given };
}

describe('the host of a removed instance', () => {
  test('is given back once its time is over, and not before', async () => {
    const { instances, hosts, alarms, given } = await setUp();
    await instances.remove('https://b.example');
    await hosts.leave('https://b.example');
    expect(given).toEqual([]);
    expect(alarms.at(LEAVING_ALARM)).toBe(START + LEAVING_MS);
    await hosts.giveBack();
    expect(given).toEqual(['https://b.example/*']);
    await hosts.giveBack();
    expect(given).toHaveLength(1);
  });

  test('is kept while another port or path of it is on the list', async () => {
    const { instances, hosts, given } = await setUp();
    await instances.remove('https://a.example/one');
    await hosts.leave('https://a.example');
    await hosts.giveBack();
    expect(given).toEqual([]);
  });

  test('is kept when the removal was undone', async () => {
    const { instances, hosts, given } = await setUp();
    const before = await instances.list();
    const [first] = before.instances;
    if (!first) throw new Error('no instance');
    await instances.remove(first.id);
    await hosts.leave('https://b.example');
    await instances.restore(first, 0, false);
    await hosts.giveBack();
    expect(given).toEqual([]);
    expect(await instances.list()).toEqual(before);
  });
});
