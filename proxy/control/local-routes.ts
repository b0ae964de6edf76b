import * as v from 'valibot';
import { plainLine } from '../../shared/plain-line.ts';
import type { ControlContext, LocalLinks, LocalPairing, LocalStatus } from './context.ts';
import { answered, messageOf, type RouteResult, refused } from './exchange.ts';
import type { PairedLinks } from './paired-links.ts';
import type { PairingWindow } from './pairing-window.ts';

/** What the local command line asks over the unix socket; the socket's mode is its authentication. */
export type LocalServices = {
  context: ControlContext;
  links: PairedLinks;
  window: PairingWindow;
  control: { url: string; port: number; socket: string | null };
};

type LocalRoute = {
  method: 'GET' | 'POST';
  run(services: LocalServices, body: unknown): Promise<RouteResult>;
};

const UNPAIR = v.object({ link: v.pipe(v.string(), v.maxLength(200)) });

const PUT_SECRET = v.object({
  profile: v.pipe(v.string(), v.maxLength(63)),
  secret: v.object({
    secret: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{8,4096}$/)),
    id: v.nullable(v.pipe(v.number(), v.safeInteger())),
    expiresAt: v.nullable(v.pipe(v.string(), v.maxLength(64))),
    owner: v.nullable(v.pipe(v.string(), v.maxLength(320), v.transform(plainLine))),
    origin: v.pipe(v.string(), v.maxLength(2048)),
  }),
});

export const LOCAL_ROUTES: Record<string, LocalRoute> = {
  '/local/status': {
    method: 'GET',
    async run({ context, links, control }) {
      const status: LocalStatus = {
        ...(await context.status()),
        pid: process.pid,
        control: control.url,
        socket: control.socket,
        readOnly: context.readOnly,
        links: links.list().length,
        configProblem: context.configProblem(),
      };
      return answered(status);
    },
  },
  '/local/reload': {
    method: 'POST',
    async run({ context, links }) {
      try {
        await context.reload();
        await links.load();
      } catch (error) {
        context.log({ event: 'failed', path: '/local/reload', message: messageOf(error) });
        return refused('control.failed', messageOf(error));
      }
      return answered({ reloaded: true });
    },
  },
  '/local/stop': {
    method: 'POST',
    async run({ context }) {
      return { status: 200, value: { stopping: true }, after: context.stop };
    },
  },
  '/local/pair': {
    method: 'POST',
    async run({ window, control }) {
      const { code, expiresAt } = window.open(control.port);
      const pairing: LocalPairing = {
        code,
        control: control.url,
        expiresAt: new Date(expiresAt).toISOString(),
      };
      return answered(pairing);
    },
  },
  '/local/links': {
    method: 'GET',
    async run({ links }) {
      const list: LocalLinks = { links: links.list() };
      return answered(list);
    },
  },
  '/local/unpair': {
    method: 'POST',
    async run({ context, links }, body) {
      const parsed = v.safeParse(UNPAIR, body);
      if (!parsed.success) return refused('request.shape');
      const { link } = parsed.output;
      const found = links.list().find((browser) => browser.id === link || browser.name === link);
      if (found === undefined) {
        return refused('link.unknown', 'No paired browser has this name or id.');
      }
      await links.remove(found.id);
      context.log({ event: 'unpaired', browser: found.name, by: 'command' });
      return answered({ ended: found });
    },
  },
  '/local/put-secret': {
    method: 'POST',
    async run({ context }, body) {
      const parsed = v.safeParse(PUT_SECRET, body);
      if (!parsed.success) return refused('request.shape');
      const { profile, secret } = parsed.output;
      const result = await context.putSecret(profile, secret);
      return result.ok ? answered({ stored: true }) : refused('control.failed', result.message);
    },
  },
};
