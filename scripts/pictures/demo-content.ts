import type { Unleash } from '../../test/real-unleash/index.ts';

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

/** Name, kind, environment, days until its end or null for never; most of them of every project. */
const API_TOKENS: readonly [string, 'client' | 'frontend', string, number | null, string?][] = [
  ['edge-eu', 'client', 'production', 2.5],
  ['ci-deploy', 'client', 'production', 28, 'default'],
  ['web-shop', 'frontend', 'production', null, 'default'],
  ['web-shop-legacy', 'frontend', 'development', null, 'default'],
  ['checkout-worker-payments-reconciliation', 'client', 'production', 110],
  ['edge-us', 'client', 'production', 110],
  ['mobile-app-preview', 'frontend', 'development', 66, 'default'],
  ['load-test', 'client', 'development', -22, 'default'],
];

const PERSONAL_TOKENS: readonly [string, number][] = [
  ['terraform', 66],
  ['backup-job', 110],
  ['nightly-sync', 75],
];

/** A flag, and tokens as a team has them. */
export const DEMO_FLAG = 'new-checkout';

/** Makes all of it on a fresh server. */
export async function fillWithDemoContent(unleash: Unleash): Promise<void> {
  const cookie = await unleash.login();
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${unleash.url}${path}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  };
  await post('/api/admin/projects/default/features', { name: DEMO_FLAG, type: 'release' });
  for (const [tokenName, type, environment, days, project = '*'] of API_TOKENS) {
    const expiry = days === null ? {} : { expiresAt: inDays(days) };
    await post('/api/admin/api-tokens', {
      tokenName,
      type,
      environment,
      projects: [project],
      ...expiry,
    });
  }
  for (const [description, days] of PERSONAL_TOKENS)
    await post('/api/admin/user/tokens', { description, expiresAt: inDays(days) });
}
