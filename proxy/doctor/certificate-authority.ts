import { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { readCaFile } from '../profiles/server-fetch.ts';
import { type Check, type Finding, failed, failedBy, ok, warning } from './check.ts';

const SOON_MS = 30 * 86_400_000;
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The CA files that profiles name: there, readable, in time; and the one that the environment names. */
export const certificateAuthority: Check = {
  name: 'ca',
  doing: null,
  async run({ io, config }) {
    const named = (config?.profiles ?? []).filter(({ ca }) => ca !== null);
    const findings = await Promise.all(
      named.map(({ name, ca }) => caFinding(name, ca ?? '', io.now())),
    );
    const extra = io.env.NODE_EXTRA_CA_CERTS;
    if (extra) findings.push(await extraFinding(extra));
    return findings.length > 0
      ? findings
      : [ok('No profile names a CA of its own: those that Node knows are trusted.')];
  },
};

async function caFinding(profile: string, path: string, now: number): Promise<Finding> {
  try {
    const certificates = [...(await readCaFile(path)).matchAll(PEM)].map(
      ([text]) => new X509Certificate(text),
    );
    const ends = certificates.map(({ validTo }) => Date.parse(validTo));
    // Of several, those that are in time are used; the file is worthless when none is.
    const last = Math.max(...ends);
    const until = new Date(last).toISOString();
    const remedy = `Get the CA's current certificate and put it into ${path}.`;
    if (last < now) return failed(`The CA of profile "${profile}" ended on ${until}.`, remedy);
    if (last - now < SOON_MS)
      return warning(`The CA of profile "${profile}" ends on ${until}.`, remedy);
    return ok(`The CA of profile "${profile}" (${path}) is good until ${until}.`);
  } catch (error) {
    return failedBy(error);
  }
}

async function extraFinding(path: string): Promise<Finding> {
  const found = await stat(path).catch(() => null);
  return found?.isFile()
    ? ok('NODE_EXTRA_CA_CERTS names more CAs, which Node trusts for all servers.')
    : warning(
        'NODE_EXTRA_CA_CERTS names a file that is not there.',
        'Type: unset NODE_EXTRA_CA_CERTS',
      );
}
