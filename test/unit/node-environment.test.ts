import { expect, test } from 'vitest';
import { hostileEnvironment } from '../../proxy/runtime/node-environment.ts';

const by = (options: string, execArgv: string[] = []) =>
  hostileEnvironment(execArgv, { NODE_OPTIONS: options }, false)?.message ?? null;

test.each([
  '--inspect=0',
  '"--inspect=0"',
  '--inspect_brk',
  '"--require" x.js',
  '--experimental_loader=x.mjs',
  '"--require=/my files/x.js"',
  '-r x.js',
])('NODE_OPTIONS=%s is refused, however it is spelled', (options) => {
  expect(by(options)).toContain('NODE_OPTIONS holds -');
});

test.each(['--max-old-space-size=100', '--max_old_space_size=100', '"--title=--x"', ''])(
  'NODE_OPTIONS=%s is let pass',
  (options) => {
    expect(by(options)).toBeNull();
  },
);

test('flags of Node itself are refused in both spellings', () => {
  expect(by('', ['--inspect_port=1'])).toContain('Node was started with --inspect_port');
});
