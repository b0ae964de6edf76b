import { readClients } from '../clients/store.ts';
import { Problem, quoteForShell } from '../problem.ts';
import { requireCurrent } from '../profiles/change-profiles.ts';
import { readConfig } from '../profiles/config-file.ts';
import { type Check, type Finding, failed, failedBy, ok, warning } from './check.ts';

/** config.yaml and clients.json read, name a profile to use, and are what the running proxy works with. */
export const config: Check = {
  name: 'config',
  doing: null,
  async run({ io, status }) {
    const findings = [await configFinding(io), await clientsFinding(io)];
    if (status?.configProblem)
      findings.push(
        failed(
          `The running proxy works with older files: ${withoutHint(status.configProblem)}`,
          'Mend the file that is named; it is taken up within a second.',
        ),
      );
    return findings;
  },
};

type Readable = Parameters<Check['run']>[0]['io'];

async function configFinding(io: Readable): Promise<Finding> {
  try {
    const found = await readConfig(io.paths);
    if (found.profiles.length === 0)
      return warning(
        'There is no profile yet.',
        'Type: tokenleash profile add NAME --url https://unleash.example.com',
      );
    const { name } = requireCurrent(found);
    const count = found.profiles.length;
    return ok(
      `config.yaml: ${count === 1 ? 'one profile' : `${count} profiles`}, current "${name}".`,
    );
  } catch (error) {
    if (error instanceof Problem && error.next.startsWith('tokenleash profile use'))
      return warning(error.message, `Type: ${error.next}`);
    return failedBy(error);
  }
}

async function clientsFinding(io: Readable): Promise<Finding> {
  try {
    const clients = await readClients(io.paths.state);
    const config = await readConfig(io.paths).catch(() => null);
    const lost = clients.find(
      ({ profile }) => profile !== null && config?.profiles.every(({ name }) => name !== profile),
    );
    if (lost)
      return warning(
        `Client "${lost.name}" belongs to profile "${lost.profile}", which there is not.`,
        `Type: tokenleash client revoke ${quoteForShell(lost.name)}`,
      );
    return ok(
      `clients.json: ${clients.length === 1 ? 'one client' : `${clients.length} clients`}.`,
    );
  } catch (error) {
    return failedBy(error);
  }
}

const withoutHint = (sentence: string): string => sentence.replace(/ Type: .*$/s, '');
