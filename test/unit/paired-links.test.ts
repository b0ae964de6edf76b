import { expect, test } from 'vitest';
import { memoryLinkStore } from '../../proxy/control/link-store.ts';
import { type NewLink, pairedLinks } from '../../proxy/control/paired-links.ts';

const key = (digit: string) => digit.repeat(64);
const link: NewLink = {
  id: 'a'.repeat(32),
  name: 'Firefox',
  origin: 'moz-extension://one',
  keys: { requestMac: key('1'), answerMac: key('2'), requestSeal: key('3'), answerSeal: key('4') },
};

/** A store whose list was read before what is done to it meanwhile, and comes when it is let go. */
function slowStore() {
  const store = memoryLinkStore();
  let letGo = () => {};
  let reading = () => {};
  const read = new Promise<void>((done) => {
    reading = done;
  });
  const wait = new Promise<void>((done) => {
    letGo = done;
  });
  const list = async () => {
    const found = await store.list();
    reading();
    await wait;
    return found;
  };
  return { store, list, read, letGo: () => letGo() };
}

test('a link that is ended while the store is read again stays ended', async () => {
  const { store, list, read, letGo } = slowStore();
  const links = pairedLinks({ ...store, list }, () => 0);
  await links.add(link);
  const loaded = links.load();
  await read;
  const removed = links.remove(link.id);
  expect(links.find(link.id)).toBeUndefined();
  letGo();
  await loaded;
  expect(links.find(link.id)).toBeUndefined();
  await removed;
  expect(links.find(link.id)).toBeUndefined();
  await links.load();
  expect(links.list()).toEqual([]);
});

test('a link that its store could not forget is listed again, and can be ended again', async () => {
  const store = memoryLinkStore();
  let locked = true;
  const remove = async (id: string) => {
    if (locked) throw new Error('The keychain is locked.');
    await store.remove(id);
  };
  const links = pairedLinks({ ...store, remove }, () => 0);
  await links.add(link);
  await expect(links.remove(link.id)).rejects.toThrow('locked');
  expect(links.find(link.id)).toBeUndefined();
  await links.load();
  locked = false;
  expect(await links.remove(link.id)).toMatchObject({ name: 'Firefox' });
  await links.load();
  expect(links.list()).toEqual([]);
});
