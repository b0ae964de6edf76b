import { randomBytes } from 'node:crypto';
import type { Client } from '../../../proxy/clients/client.ts';
import { createClientTable, makeClient } from '../../../proxy/clients/table.ts';
import type { AuditEntry, DataContext } from '../../../proxy/data/context.ts';
import type { DataPortOptions } from '../../../proxy/data/data-port.ts';
import { createDataPortOf, type DataPort } from '../../../proxy/data/data-port.ts';
import type { Step } from '../../../proxy/data/exchange.ts';
import { PARTS, type PipelineParts } from '../../../proxy/data/pipeline.ts';
import type { Access, Profile } from '../../../proxy/profiles/profile.ts';

/** A PAT as Unleash makes them, new for each test. */
export function makePat(): string {
  return `user:${randomBytes(28).toString('hex')}`;
}

export function profileFor(url: string, more: Partial<Profile> = {}): Profile {
  return {
    name: 'test',
    url,
    access: 'write',
    source: { from: 'stored', store: 'memory' },
    ca: null,
    clientCertificate: null,
    compression: 'identity',
    rules: [],
    allowHttp: false,
    unattended: false,
    ...more,
  };
}

export type PortUnderTest = {
  port: number;
  url: string;
  dataPort: DataPort;
  context: DataContext;
  /** Phantom token of the client `test`. */
  token: string;
  pat: string;
  profile: Profile;
  audit: AuditEntry[];
  /** Profiles whose PAT an upstream has refused. */
  unauthorized: string[];
  addClient(name: string, more?: Partial<Client>): string;
  revoke(name: string): void;
};

export type PortWish = {
  upstream: string;
  access?: Access;
  mint?: boolean;
  pat?: string;
  profile?: Partial<Profile>;
  context?: Partial<DataContext>;
  options?: DataPortOptions;
  parts?: PipelineParts;
  socketPath?: string;
};

/** A data port on a free port, with one profile for `upstream` and one client that may write. */
export async function startPort(wish: PortWish): Promise<PortUnderTest> {
  const pat = wish.pat ?? makePat();
  const profile = profileFor(wish.upstream, wish.profile);
  const clients: Client[] = [];
  const table = createClientTable();
  const audit: AuditEntry[] = [];
  const unauthorized: string[] = [];

  const addClient = (name: string, more: Partial<Client> = {}) => {
    const wanted = { name, profile: null, access: 'write' as const, mint: false, ttlMs: null };
    const { client, token } = makeClient(wanted, Date.now());
    clients.push({ ...client, ...more });
    table.replace(clients);
    return token;
  };
  const token = addClient('test', { access: wish.access ?? 'write', mint: wish.mint ?? false });

  const context: DataContext = {
    now: () => Date.now(),
    clientByTokenHash: (hash) => table.byTokenHash(hash),
    profileByName: (name) => (name === profile.name ? profile : undefined),
    clientRules: () => [],
    currentProfile: () => profile,
    secretOf: () => ({
      ok: true,
      secret: { secret: pat, id: 1, expiresAt: null, owner: 'admin', origin: profile.url },
    }),
    readOnly: false,
    audit: (entry) => audit.push(entry),
    upstreamUnauthorized: (refused) => unauthorized.push(refused.name),
    ...wish.context,
  };
  const dataPort = createDataPortOf(wish.parts ?? PARTS, context, wish.options);
  const listening = await dataPort.listen({ port: 0, socketPath: wish.socketPath ?? null });
  return {
    port: listening.port,
    url: listening.url,
    dataPort,
    context,
    token,
    pat,
    profile,
    audit,
    unauthorized,
    addClient,
    revoke(name) {
      const left = clients.filter((client) => client.name !== name);
      clients.splice(0, clients.length, ...left);
      table.replace(clients);
    },
  };
}

/** The pipeline with one step taken out, to show what it is there for. */
export function without(name: string): PipelineParts {
  const steps = PARTS.steps.filter((step) => step.name !== name);
  if (steps.length === PARTS.steps.length) throw new Error(`There is no step "${name}".`);
  return { ...PARTS, steps };
}

/** The pipeline with one step done the careless way. */
export function withStep(name: string, check: Step['check']): PipelineParts {
  const careless = (step: Step) => (step.name === name ? { ...step, check } : step);
  return { ...PARTS, steps: PARTS.steps.map(careless) };
}
