import * as v from 'valibot';
import { failed, type Result } from './errors.ts';
import { type CallTopic, explainRefusal } from './refusals.ts';
import { DEFAULT_TIMEOUT_MS, type Fetch, factsOf, type Sent, send } from './transport.ts';

export type { Fetch } from './transport.ts';

/** Who calls: the person logged in to this browser, or the holder of a token. Never both: a cookie beats a PAT. */
export type Credential = { by: 'session' } | { by: 'token'; token: string };

export type AdminClientOptions = {
  fetch: Fetch;
  /** Base URL without a trailing slash: origin + base path. */
  baseUrl: string;
  credential: Credential;
  /** For one whole call, answer included, in ms. */
  timeoutMs?: number;
  now?: () => Date;
};

export type Call<Schema extends v.GenericSchema> = {
  method: Sent['method'];
  /** Below the base URL: `/api/admin/…`, its parts percent-encoded. */
  path: string;
  body?: unknown;
  /** What the answer's JSON must look like; null where there is none. */
  answer: Schema;
  topic?: CallTopic;
  /** Repeating it may make a second one; the advice after a timeout says so. */
  creates?: boolean;
  /** Secrets in the path or body, so that no error repeats them. */
  secrets?: readonly string[];
};

/** The admin API of one server, for one credential. The functions of this folder take it as their first argument. */
export type AdminClient = {
  readonly baseUrl: string;
  readonly by: Credential['by'];
  now(): Date;
  call<Schema extends v.GenericSchema>(call: Call<Schema>): Promise<Result<v.InferOutput<Schema>>>;
};

/** A client that calls with exactly one credential and holds no state. */
export function createAdminClient(options: AdminClientOptions): AdminClient {
  const { fetch, baseUrl, credential } = options;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const token = credential.by === 'token' ? credential.token : null;

  return {
    baseUrl,
    by: credential.by,
    now: options.now ?? (() => new Date()),
    async call(call) {
      const sent: Sent = {
        baseUrl,
        method: call.method,
        path: call.path,
        token,
        cookies: credential.by === 'session' ? 'include' : 'omit',
        timeoutMs,
        creates: call.creates ?? false,
        ...(call.body === undefined ? {} : { body: call.body }),
      };
      const facts = factsOf(sent);
      const answered = await send(fetch, sent);
      if (!answered.ok) return answered;
      const reply = answered.value;
      if (reply.status < 200 || reply.status > 299) {
        const secrets = [...(token === null ? [] : [token]), ...(call.secrets ?? [])];
        const context = {
          by: credential.by,
          topic: call.topic ?? 'other',
          facts,
          secrets,
        } as const;
        return { ok: false, error: explainRefusal(reply, context) };
      }
      // An SPA or a login page in front answers 200 and HTML to everything.
      if (reply.form === 'html') {
        return failed('server.not-unleash', { ...facts, status: reply.status, page: true });
      }
      const parsed = v.safeParse(call.answer, reply.json);
      if (!parsed.success) return failed('server.unreadable', { ...facts, status: reply.status });
      return { ok: true, value: parsed.output };
    },
  };
}

/** The facts for an error that is found before anything is sent. */
export function clientFacts(client: AdminClient): ReturnType<typeof factsOf> {
  return factsOf({ baseUrl: client.baseUrl, timeoutMs: DEFAULT_TIMEOUT_MS });
}
