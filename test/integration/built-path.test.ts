import { expect, test } from 'vitest';
import { canonicalPath } from '../../proxy/data/canonical-path.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();

/** One for each of the ways to be refused. A bundler that thinks it sees a call for nothing takes a check out. */
test.each([
  '/api/admin/x\\y',
  '/api/admin/x;y',
  '/api/admin/x#y',
  '/api/admin/%zz',
  '/api/admin/%252e',
  '/api/admin/%2e%2e/x',
  '/api/admin/../x',
  '/api/admin/%00',
  '/api/admin/%2f',
  '/api/admin/%5C',
  '/api/admin/%c0%af',
  '/api/admin/%E4',
  '/api/admin/%25%34%31',
])('the built program refuses %s as its source does', async (path) => {
  expect(canonicalPath(path)).toBeNull();
  const cli = built.fresh();
  const { stdout } = await cli.run(['explain', '--json', 'GET', path]);
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'refused', code: 'target.path' });
});
