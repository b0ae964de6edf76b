import { certificateAuthority } from './certificate-authority.ts';
import { type Check, type DoctorContext, type Finding, failedBy } from './check.ts';
import { clock } from './clock.ts';
import { config } from './config.ts';
import { corporateProxy } from './corporate-proxy.ts';
import { files } from './files.ts';
import { node } from './node.ts';
import { ports } from './ports.ts';
import { server } from './server.ts';
import { store } from './store.ts';
import { strayTokens } from './stray-tokens.ts';
import { token } from './token.ts';

/** What does not ask a server comes first: it may say why the rest fails. */
export const CHECKS: readonly Check[] = [
  node,
  config,
  files,
  store,
  ports,
  corporateProxy,
  certificateAuthority,
  server,
  clock,
  token,
  strayTokens,
];

/** One check's findings; a check that breaks is a finding itself. */
export async function runCheck(check: Check, context: DoctorContext): Promise<Finding[]> {
  try {
    return await check.run(context);
  } catch (error) {
    return [failedBy(error)];
  }
}
