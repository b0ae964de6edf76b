import type { LocalLinks, PairedBrowser } from '../control/context.ts';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import { nearestName, shownName } from '../profiles/name.ts';
import { callControl } from '../runtime/control-client.ts';
import { requireRunning } from '../runtime/running-proxy.ts';
import { answer, answerJson, type Io, tell } from './command.ts';
import { table } from './table.ts';

/** The browsers that are paired with the running proxy, newest use first. */
export async function pairedBrowsers(io: Io): Promise<PairedBrowser[]> {
  const listed = (await callControl(io.paths, 'GET', '/local/links')) as LocalLinks | null;
  return listed?.links ?? [];
}

/** `pair --list`. */
export async function listPaired(io: Io, json: boolean): Promise<number> {
  await requireRunning(io.paths);
  const browsers = (await pairedBrowsers(io)).map(({ id, name, origin, pairedAt, lastUsedAt }) => ({
    id,
    name,
    origin,
    pairedAt,
    lastUsedAt,
  }));
  if (json) {
    answerJson(io, { browsers });
    return EXIT.ok;
  }
  if (browsers.length === 0) {
    tell(io, 'No browser is paired.');
    tell(io, 'Type: tokenleash pair');
    return EXIT.ok;
  }
  const rows = browsers.map((each) => [each.name, each.pairedAt, each.lastUsedAt, each.origin]);
  answer(io, table(['NAME', 'PAIRED', 'LAST USED', 'ORIGIN'], rows));
  return EXIT.ok;
}

/** `pair --end`: ends one link from the proxy's side, at once. */
export async function endPaired(io: Io, wanted: string, json: boolean): Promise<number> {
  await requireRunning(io.paths);
  const browsers = await pairedBrowsers(io);
  const found =
    browsers.find(({ id }) => id === wanted) ?? browsers.find(({ name }) => name === wanted);
  if (!found) throw unknownBrowser(wanted, browsers);
  await callControl(io.paths, 'POST', '/local/unpair', { link: found.id });
  if (json) answerJson(io, { ended: { id: found.id, name: found.name } });
  else answer(io, `"${found.name}" is no longer paired with this proxy.`);
  return EXIT.ok;
}

function unknownBrowser(wanted: string, browsers: readonly PairedBrowser[]): Problem {
  const near = nearestName(
    wanted,
    browsers.map(({ name }) => name),
  );
  return new Problem(
    `No browser "${shownName(wanted)}" is paired.${near === null ? '' : ` Did you mean "${near}"?`}`,
    near === null ? 'tokenleash pair --list' : `tokenleash pair --end ${quoteForShell(near)}`,
    EXIT.usage,
  );
}
