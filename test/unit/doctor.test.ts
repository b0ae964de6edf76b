import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { DoctorContext } from '../../proxy/doctor/check.ts';
import { clock } from '../../proxy/doctor/clock.ts';
import { versionFinding } from '../../proxy/doctor/node.ts';
import { hasToken, tokenLines } from '../../proxy/doctor/stray-search.ts';

const folder = mkdtempSync(join(tmpdir(), 'tl-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

const HEX = '0123456789abcdef'.repeat(4).slice(0, 56);
const PAT = `user:${HEX}`;

describe('a token in clear', () => {
  test.each([
    ['bare', PAT],
    ['in a header', `curl -H 'Authorization: Bearer ${PAT}' x`],
    ['glued to a flag', `--token=${PAT}`],
    ['after an escaped line break, as fish writes it', `foo\\n${PAT}`],
    ['in a URL', `https://x/?t=user%3A${HEX}`],
    ['as 8.2 seals them', `user:v2_${'a'.repeat(22)}_${'B'.repeat(43)}`],
    ['of an admin', `*:*.${HEX}`],
    ['before a full stop', `it is ${PAT}.`],
  ])('%s is found', (_, text) => {
    expect(hasToken(text)).toBe(true);
  });

  test.each([
    ['a phantom token', `user:tl_${'x'.repeat(43)}`],
    ['a backend token', `*:development.${HEX}`],
    ['a SHA-256', `${HEX}01234567`],
    ['one that is too long', `${PAT}0`],
    ['one that is cut', PAT.slice(0, -1)],
    ['a user name', 'user:password'],
  ])('%s is none', (_, text) => {
    expect(hasToken(text)).toBe(false);
  });

  test('is found by line in a file with any bytes and any line ends', async () => {
    const file = join(folder, 'history');
    const odd = Buffer.concat([
      Buffer.from(`one\r\n: 1700000000:0;${PAT}\r\n`),
      Buffer.from([0xff, 0x83, 0x00, 0x0a]),
      Buffer.from(`last ${PAT}`),
    ]);
    writeFileSync(file, odd);
    expect(await tokenLines(file)).toEqual({ is: 'read', lines: [2, 4] });
  });

  test('cannot be looked for in what is not there, is a folder, or has no end', async () => {
    const nothing = { is: 'read', lines: [] };
    expect(await tokenLines(join(folder, 'none'))).toEqual(nothing);
    expect(await tokenLines(folder)).toEqual(nothing);
    expect(await tokenLines('/dev/zero')).toEqual(nothing);
  });
});

test('a Node below the floor fails, one with known holes is a warning', () => {
  expect(versionFinding('v18.20.0').status).toBe('failed');
  expect(versionFinding('v20.18.3').status).toBe('failed');
  expect(versionFinding('v20.19.0').status).toBe('warning');
  expect(versionFinding('v24.21.0').status).toBe('ok');
});

describe('the clock', () => {
  const at = async (...ahead: (number | null)[]) => {
    const context = {
      config: { profiles: ahead.map((_, number) => ({ name: String(number) })) },
      visit: async ({ name }: { name: string }) => ({ clockAheadMs: ahead[Number(name)] }),
    };
    return (await clock.run(context as unknown as DoctorContext))[0];
  };

  test.each([
    [[0], 'ok'],
    [[29_000], 'ok'],
    [[null], 'ok'],
    [[-60_000], 'warning'],
    [[600_000], 'failed'],
    // One of the servers is wrong, not this machine.
    [[600_000, 100], 'ok'],
  ])('with servers at %j ms is %s', async (ahead, status) => {
    expect((await at(...ahead))?.status).toBe(status);
  });

  test('says which way it is wrong', async () => {
    expect((await at(600_000))?.message).toContain('600 s behind');
    expect((await at(-600_000))?.message).toContain('600 s ahead of');
  });
});
