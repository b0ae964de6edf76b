import type { Profile } from '../profiles/profile.ts';
import { wayTo } from '../upstream/corporate-proxy.ts';
import { isExcepted } from '../upstream/no-proxy.ts';
import { type Check, type Finding, failed, ok, warning } from './check.ts';

const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];
const LOOPBACK = ['localhost', '127.0.0.1'];
/** Where `start` listens if nobody says otherwise. */
const DATA_PORT = 4280;

/** The variables by which programs are sent through a company's proxy. Their values may hold a password. */
export const corporateProxy: Check = {
  name: 'proxy-variables',
  doing: null,
  async run({ io: { env }, config }) {
    const set = PROXY_VARIABLES.flatMap((name) => [name, name.toLowerCase()]).filter(
      (name) => env[name],
    );
    if (set.length === 0) return [ok('No variable names a proxy on the way to the servers.')];
    const findings: Finding[] = set.flatMap((name) => wrongFinding(name, env));
    for (const name of PROXY_VARIABLES)
      if (env[name] && env[name.toLowerCase()] && env[name] !== env[name.toLowerCase()])
        findings.push(
          warning(
            `${name} and ${name.toLowerCase()} differ: programs do not agree on which one counts.`,
            `Type: export ${name}="$${name.toLowerCase()}"`,
          ),
        );
    const uncovered = LOOPBACK.filter(
      (host) => !isExcepted(host, DATA_PORT, env.no_proxy || env.NO_PROXY || ''),
    );
    if (uncovered.length > 0)
      findings.push(
        warning(
          `NO_PROXY leaves out ${uncovered.join(' and ')}: programs would send their requests to Tokenleash, phantom tokens too, through the proxy that ${set[0]} names.`,
          'Type: export NO_PROXY="$NO_PROXY,localhost,127.0.0.1,::1" no_proxy="$NO_PROXY,localhost,127.0.0.1,::1"',
        ),
      );
    if (findings.length === 0)
      findings.push(ok(`${set.join(', ')} set; NO_PROXY keeps requests to this machine here.`));
    return [...findings, ...(config?.profiles ?? []).map((profile) => wayFinding(profile, env))];
  },
};

/** What the proxy itself would say of this variable, whatever server there is. */
function wrongFinding(name: string, env: NodeJS.ProcessEnv): Finding[] {
  const scheme = name.toLowerCase() === 'http_proxy' ? 'http' : 'https';
  const way = wayTo(`${scheme}://unleash.invalid`, { [name]: env[name] });
  return way.by === 'wrong'
    ? [
        failed(
          `${name} ${way.reason}.`,
          `Type: export ${name}=http://proxy.example.com:8080   (or: unset ${name})`,
        ),
      ]
    : [];
}

function wayFinding({ name, url }: Profile, env: NodeJS.ProcessEnv): Finding {
  const way = wayTo(url, env);
  if (way.by === 'proxy')
    return ok(`Profile "${name}" is reached through ${way.proxy.shown} (${way.proxy.variable}).`);
  return way.by === 'direct'
    ? ok(`Profile "${name}" is reached directly.`)
    : failed(
        `Profile "${name}" cannot be reached: ${way.variable} ${way.reason}.`,
        `Type: unset ${way.variable}`,
      );
}
