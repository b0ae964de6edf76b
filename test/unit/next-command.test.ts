import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AGAIN, AGAIN_ELSEWHERE, nextCommand } from '../../proxy/problem.ts';

const root = join(import.meta.dirname, '../../proxy');

test('what to type next is a command, also where it is the same one', () => {
  const add = ['profile', 'add', 'my prod', '--url', 'https://u.example'];
  expect(nextCommand(AGAIN, add)).toBe("tokenleash profile add 'my prod' --url https://u.example");
  const elsewhere = `tokenleash profile add 'my prod' --url https://u.example --store sealed-file`;
  expect(nextCommand(AGAIN_ELSEWHERE, add)).toBe(elsewhere);
  expect(nextCommand(AGAIN_ELSEWHERE, [...add, '--store', 'keychain'])).toBe(elsewhere);
  expect(nextCommand(AGAIN_ELSEWHERE, [...add, '--store=keychain'])).toBe(elsewhere);
  expect(nextCommand(AGAIN_ELSEWHERE, ['profile', 'login', 'a'])).toBe('tokenleash doctor');
  expect(nextCommand('ls -l x', add)).toBe('ls -l x');
});

test('what run starts is not repeated', () => {
  expect(nextCommand(AGAIN, ['run', '--access', 'write', '--', 'sh', '-c', 'P=secret x'])).toBe(
    'tokenleash run --access write -- CMD',
  );
});

test('nothing says "the same command" but by these words', () => {
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'problem.ts')
    .filter((name) => /['"`]the same command/.test(readFileSync(join(root, name), 'utf8')));
  expect(found).toEqual([]);
});
