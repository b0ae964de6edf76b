import { readClients } from '../clients/store.ts';
import { EXIT, Problem } from '../problem.ts';
import { readConfig } from '../profiles/config-file.ts';
import { findRunning } from '../runtime/running-proxy.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { localStatus, profileStates } from './profile-states.ts';

export const command: Command<{ json: boolean | undefined }> = {
  options: [JSON_OPTION],
  help: 'Exit code 0 when a proxy runs, 1 when none does. Changes of config.yaml are in force within a second, but\n`settings` that `start` reads; a changed file that does not read is named here, and the old one stays in force.',
  helpsWithBrokenConfig: true,
  run,
};

async function run({ json }: { json: boolean | undefined }, io: Io): Promise<number> {
  const running = await findRunning(io.paths);
  const said = running?.address ? await localStatus(io) : null;
  if (running?.address && said) {
    const { url, control, socket, exposed } = running.address;
    const { profile, clients, configProblem } = said;
    // Only there when there is one: what reads this object today knows nothing of it.
    const problem = {
      ...(exposed ? { exposed } : {}),
      ...(configProblem ? { problem: configProblem } : {}),
    };
    if (json) answerJson(io, { running: true, url, control, socket, profile, clients, ...problem });
    else {
      answer(io, `The proxy runs at ${url} (process ${running.pid}).`);
      answer(io, `Control port ${control}${socket === null ? '' : `, socket ${socket}`}`);
      if (exposed) answer(io, `Exposed: it can be reached from beyond this machine at ${exposed}.`);
      for (const { name, url: server, access, state } of said.profiles)
        answer(io, `${name === profile ? '*' : ' '} ${name}  ${server}  ${access}  ${state}`);
      answer(io, `Clients: ${clients}. Paired browsers: ${said.links}.`);
      if (configProblem)
        answer(io, `A changed file was refused; what was in force stays so. ${configProblem}`);
    }
    return EXIT.ok;
  }
  const found = await readConfig(io.paths).catch(problemOf);
  const config = found instanceof Problem ? null : found;
  const clients = (await readClients(io.paths.state)).length;
  const profile = config?.current ?? null;
  const problem =
    found instanceof Problem ? { problem: `${found.message} Type: ${found.next}` } : {};
  const nowhere = { running: false, url: null, control: null, socket: null };
  if (json) answerJson(io, { ...nowhere, profile, clients, ...problem });
  else {
    answer(io, 'No proxy is running.');
    if (found instanceof Problem) throw found;
    const states = await profileStates(found.profiles, io);
    for (const { name, url, access } of found.profiles)
      answer(
        io,
        `${name === profile ? '*' : ' '} ${name}  ${url}  ${access}  ${states.get(name)?.state}`,
      );
    tell(io, 'Type: tokenleash start');
  }
  return EXIT.failure;
}

/** A config.yaml that does not read is told of beside the rest; a defect of ours is none of that. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
