import type { Failure, Instance, RevokeTrouble, Revoking, TokenRow } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import { createQueue } from '../platform/serial.ts';
import type { Store } from '../platform/store.ts';
import { instanceOf } from './instances.ts';
import { sameFacts, type TokenFacts } from './token-facts.ts';
import { factsOfKnown, type KnownToken, type TokenLister } from './token-list.ts';

/** How long a revoke can be undone, in ms. */
export const UNDO_MS = 5_000;

export const REVOCATIONS_ALARM = 'revocations';

/** How long after the timer the alarm comes that stands in for it where the background was ended, in ms. */
const BACKSTOP_MS = 1_000;

/** A timer does not survive the background's sleep; what is further ahead is the alarm's alone, in ms. */
const TIMER_LIMIT_MS = 20_000;

/** When a revoke at the end of a grace is tried again after the server was away or nobody was logged in, in ms. */
const RETRY_MS = 10 * 60_000;

const AT_ONCE = 4;

/** On disk, so that a grace outlives the browser: public facts of tokens, no key and no secret. */
const KEY = 'revocations';
const TROUBLES_KEY = 'revocation-troubles';
/** Those of removed instances, until their removal can no longer be undone. */
const ASIDE_KEY = 'revocations-aside';
const TROUBLES_LIMIT = 20;

/** A token that is to be revoked. */
type Ending = {
  id: string;
  instanceId: string;
  /** Its row in this run of the browser; after a restart it is found by its facts. */
  tokenId: string;
  facts: TokenFacts;
  /** Ms since 1970. */
  dueAt: number;
  /** `grace`: another was made in its place, and it goes on for a while. */
  why: 'revoke' | 'grace';
  /** The call may be under way: too late to take back. */
  sending: boolean;
  /** When a grace would have ended that a revoke has cut short. */
  graceUntil: number | null;
};

export type RevocationsParts = {
  local: Store;
  alarms: { set(name: string, when: number): Promise<void>; clear(name: string): Promise<void> };
  /** Runs `work` in so many ms, awake until it is done; gives what calls it off. */
  later(ms: number, work: () => Promise<void>): () => void;
  instances: {
    find(id: string): Promise<Instance | null>;
    mayReach(instance: Instance): Promise<boolean>;
  };
  tokens: Pick<TokenLister, 'find' | 'read' | 'revoke' | 'forget'>;
  now(): number;
  randomId(): string;
};

export type Revocations = {
  /** Revokes them in 5 s. What counts already for this instance has 5 s again, so that one undo takes back all. */
  revoke(instanceId: string, tokens: readonly KnownToken[]): Promise<Revoking>;
  /** Revokes it then (ms since 1970), in this run of the browser or a later one. */
  endAt(instanceId: string, token: KnownToken, dueAt: number): Promise<void>;
  /** Takes back what was not sent yet; gives the names. */
  undo(instanceId: string): Promise<string[]>;
  /** Takes back the end of a grace. */
  keep(instanceId: string, token: KnownToken): Promise<void>;
  state(
    instanceId: string,
  ): Promise<{ revoking: Revoking | null; troubles: RevokeTrouble[]; endsAt: EndsAt }>;
  dismissTrouble(id: string): Promise<void>;
  /** Tries at once what waits for its server: somebody is logged in again. */
  retry(instanceId: string): Promise<void>;
  /** The instance was removed: nothing of it will be revoked unless it comes back. */
  setAside(instanceId: string): Promise<void>;
  /** Its removal was undone: what was to be revoked is so again, and what counts has its 5 s anew. */
  bringBack(instanceId: string): Promise<void>;
  /** No removal can be undone any more. */
  forgetSetAside(): Promise<void>;
  alarmRang(): Promise<void>;
  /** To be called whenever the background starts. */
  started(): Promise<void>;
};

type KeptTrouble = RevokeTrouble & { instanceId: string };

type Aside = { endings: Ending[]; troubles: KeptTrouble[] };

/** When the token of these facts ends by a grace, in ms since 1970, or null. */
export type EndsAt = (facts: TokenFacts) => number | null;

/** What became of one that was due. */
type Outcome = { is: 'done' } | { is: 'wait' } | { is: 'not-done'; title: string; message: string };

/**
 * Counts down to the revoke of tokens, whoever of popup, background and browser ends meanwhile. A revoke within its
 * 5 s is done by a timer, or by an alarm, or by the next start; none of them finds it twice.
 */
export function createRevocations(parts: RevocationsParts): Revocations {
  const { local, alarms, tokens, now } = parts;
  const inTurn = createQueue();
  let callOff: () => void = () => undefined;
  let running: Promise<void> | null = null;
  /** Taken back, though the browser did not let that be written down. */
  const spared = new Set<string>();

  async function all(): Promise<Ending[]> {
    const kept = ((await local.read(KEY)) as Ending[] | undefined) ?? [];
    return kept.filter(({ id }) => !spared.has(id));
  }

  async function write(endings: readonly Ending[]): Promise<void> {
    if (endings.length === 0) await local.remove(KEY);
    else await local.write(KEY, endings);
    await arm(endings);
  }

  const change = (edit: (endings: Ending[]) => Ending[]): Promise<void> =>
    inTurn(async () => write(edit(await all())));

  async function arm(endings: readonly Ending[]): Promise<void> {
    callOff();
    callOff = () => undefined;
    const waiting = endings.filter(({ sending }) => !sending).map(({ dueAt }) => dueAt);
    if (waiting.length === 0) return alarms.clear(REVOCATIONS_ALARM);
    const next = Math.min(...waiting);
    const wait = Math.max(0, next - now());
    if (wait <= TIMER_LIMIT_MS) callOff = parts.later(wait, run);
    await alarms.set(REVOCATIONS_ALARM, Math.max(next, now()) + BACKSTOP_MS);
  }

  /** Does what is due; a second call while it is under way waits for what the first one does. */
  function run(): Promise<void> {
    running ??= runDue().finally(() => {
      running = null;
    });
    return running;
  }

  async function runDue(): Promise<void> {
    for (;;) {
      let due: Ending[] = [];
      try {
        await inTurn(async () => {
          const endings = await all();
          due = endings
            .filter(({ dueAt, sending }) => !sending && dueAt <= now())
            .slice(0, AT_ONCE);
          if (due.length === 0) return arm(endings);
          await write(endings.map((one) => (due.includes(one) ? { ...one, sending: true } : one)));
        });
      } catch {
        // No room to write down that it is being sent: nothing is sent, and it is tried again.
        return alarms.set(REVOCATIONS_ALARM, now() + RETRY_MS);
      }
      if (due.length === 0) return;
      await Promise.all(due.map(finish));
    }
  }

  async function finish(ending: Ending): Promise<void> {
    // Whatever breaks here, it must neither hold up the others nor be forgotten.
    const outcome = await end(ending).catch((): Outcome => ({ is: 'not-done', ...broke() }));
    if (outcome.is !== 'done') await addTrouble(ending, outcome);
    await change((endings) =>
      outcome.is === 'wait'
        ? endings.map((one) =>
            one.id === ending.id ? { ...one, sending: false, dueAt: now() + RETRY_MS } : one,
          )
        : endings.filter(({ id }) => id !== ending.id),
    );
    if (outcome.is === 'done') await removeTrouble(ending.id);
  }

  async function end(ending: Ending): Promise<Outcome> {
    const { instanceId, why } = ending;
    const instance = await parts.instances.find(instanceId);
    if (instance === null) return { is: 'done' };
    const failed = (failure: Pick<Failure, 'code' | 'title' | 'message'>): Outcome =>
      why === 'grace' && PASSES.test(failure.code)
        ? { is: 'wait' }
        : { is: 'not-done', title: failure.title, message: failure.message };
    if (!(await parts.instances.mayReach(instance))) {
      return failed({ code: 'no-access', ...NO_ACCESS(instance.name) });
    }
    const kept = await tokens.find(instanceId, ending.tokenId);
    let token = kept !== null && sameFacts(factsOfKnown(kept), ending.facts) ? kept : null;
    if (token === null) {
      const answer = await tokens.read(instance);
      if (!answer.ok) return failed(answer);
      const matches = answer.list.tokens.filter((one) =>
        sameFacts(factsOfKnown(one), ending.facts),
      );
      if (matches.length > 1) return { is: 'not-done', ...AMBIGUOUS(matches.length) };
      token = matches[0] ?? null;
      // Gone already, by somebody else's hand.
      if (token === null) return { is: 'done' };
    }
    const answer = await tokens.revoke(instance, token);
    if (!answer.ok) return failed(answer);
    await tokens.forget(instanceId, token.row.id);
    return { is: 'done' };
  }

  async function troubles(): Promise<KeptTrouble[]> {
    return ((await local.read(TROUBLES_KEY)) as KeptTrouble[] | undefined) ?? [];
  }

  async function aside(): Promise<Aside> {
    const kept = (await local.read(ASIDE_KEY)) as Aside | undefined;
    return kept ?? { endings: [], troubles: [] };
  }

  const changeTroubles = (edit: (list: KeptTrouble[]) => KeptTrouble[]): Promise<void> =>
    inTurn(async () => {
      const before = await troubles();
      const after = edit(before);
      if (after.length === 0) {
        if (before.length > 0) await local.remove(TROUBLES_KEY);
      } else await local.write(TROUBLES_KEY, after.slice(0, TROUBLES_LIMIT));
    });

  const removeTrouble = (id: string) => changeTroubles((list) => list.filter((t) => t.id !== id));

  const addTrouble = (ending: Ending, outcome: Exclude<Outcome, { is: 'done' }>) => {
    const { id, instanceId, facts } = ending;
    const words = outcome.is === 'wait' ? WAITS(instanceOf(instanceId).name) : outcome;
    const loginUrl = outcome.is === 'wait' ? `${instanceId}/login` : null;
    const { title, message } = words;
    return changeTroubles((list) => [
      { id, instanceId, name: facts.name, title, message, loginUrl },
      ...list.filter((trouble) => trouble.id !== id),
    ]);
  };

  const isOf =
    (instanceId: string, facts: TokenFacts) =>
    (ending: Ending): boolean =>
      ending.instanceId === instanceId && sameFacts(ending.facts, facts);

  function endingOf(instanceId: string, token: KnownToken, dueAt: number, why: Ending['why']) {
    return {
      id: parts.randomId(),
      instanceId,
      tokenId: token.row.id,
      facts: factsOfKnown(token),
      dueAt,
      why,
      sending: false,
      graceUntil: null,
    } satisfies Ending;
  }

  function revokingOf(endings: readonly Ending[], instanceId: string): Revoking | null {
    const counting = endings.filter((one) => one.instanceId === instanceId && one.why === 'revoke');
    if (counting.length === 0) return null;
    return {
      ids: counting.map(({ tokenId }) => tokenId),
      names: counting.map(({ facts }) => facts.name),
      dueAt: Math.max(...counting.map(({ dueAt }) => dueAt)),
    };
  }

  return {
    async revoke(instanceId, wanted) {
      const dueAt = now() + UNDO_MS;
      let revoking: Revoking | null = null;
      await change((endings) => {
        const rest = endings.map((one) =>
          one.instanceId === instanceId && one.why === 'revoke' && !one.sending
            ? { ...one, dueAt }
            : one,
        );
        for (const token of wanted) {
          const at = rest.findIndex(
            (one) => one.tokenId === token.row.id && one.instanceId === instanceId,
          );
          const there = rest[at];
          if (there?.why === 'revoke') continue;
          const graced = rest.find(
            (one) => one.why === 'grace' && isOf(instanceId, factsOfKnown(token))(one),
          );
          if (graced) rest.splice(rest.indexOf(graced), 1);
          const graceUntil = graced?.dueAt ?? null;
          rest.push({ ...endingOf(instanceId, token, dueAt, 'revoke'), graceUntil });
        }
        revoking = revokingOf(rest, instanceId);
        return rest;
      });
      return revoking ?? { ids: [], names: [], dueAt };
    },

    endAt: (instanceId, token, dueAt) =>
      change((endings) => [
        ...endings.filter((one) => one.tokenId !== token.row.id || one.instanceId !== instanceId),
        endingOf(instanceId, token, dueAt, 'grace'),
      ]),

    async undo(instanceId) {
      const undone: Ending[] = [];
      await change((endings) =>
        endings.flatMap((one): Ending[] => {
          if (one.instanceId !== instanceId || one.why !== 'revoke' || one.sending) return [one];
          undone.push(one);
          return one.graceUntil === null
            ? []
            : [{ ...one, why: 'grace', dueAt: one.graceUntil, graceUntil: null }];
        }),
      ).catch(() => {
        for (const { id } of undone) spared.add(id);
      });
      return undone.map(({ facts }) => facts.name);
    },

    async keep(instanceId, token) {
      const isIt = isOf(instanceId, factsOfKnown(token));
      const gone: string[] = [];
      await change((endings) =>
        endings.filter((one) => {
          const takenBack = one.why === 'grace' && !one.sending && isIt(one);
          if (takenBack) gone.push(one.id);
          return !takenBack;
        }),
      ).catch(() => {
        for (const id of gone) spared.add(id);
      });
      for (const id of gone) await removeTrouble(id);
    },

    async state(instanceId) {
      const endings = await all();
      const own = (await troubles()).filter((trouble) => trouble.instanceId === instanceId);
      return {
        revoking: revokingOf(endings, instanceId),
        troubles: own.map(({ instanceId: _, ...trouble }) => trouble),
        endsAt: (facts) =>
          endings.find((one) => one.why === 'grace' && isOf(instanceId, facts)(one))?.dueAt ?? null,
      };
    },

    dismissTrouble: removeTrouble,

    async retry(instanceId) {
      const waiting = new Set((await troubles()).map(({ id }) => id));
      let any = false;
      await change((endings) =>
        endings.map((one) => {
          const waits = one.instanceId === instanceId && !one.sending && waiting.has(one.id);
          any ||= waits;
          return waits ? { ...one, dueAt: Math.min(one.dueAt, now()) } : one;
        }),
      );
      if (any) await run();
    },

    async setAside(instanceId) {
      const isOther = (one: { instanceId: string }) => one.instanceId !== instanceId;
      const [kept, endings, list] = await Promise.all([aside(), all(), troubles()]);
      const moved: Aside = {
        endings: [...kept.endings.filter(isOther), ...endings.filter((one) => !isOther(one))],
        troubles: [...kept.troubles.filter(isOther), ...list.filter((one) => !isOther(one))],
      };
      // Without room it is forgotten: to revoke nothing of a removed instance comes before bringing it back.
      if (moved.endings.length + moved.troubles.length > 0)
        await local.write(ASIDE_KEY, moved).catch(() => undefined);
      await change((current) => current.filter(isOther));
      await changeTroubles((current) => current.filter(isOther));
    },

    async bringBack(instanceId) {
      const isOwn = (one: { instanceId: string }) => one.instanceId === instanceId;
      const kept = await aside();
      const endings = kept.endings.filter(isOwn).map((one) => ({
        ...one,
        sending: false,
        dueAt: one.why === 'revoke' ? Math.max(one.dueAt, now() + UNDO_MS) : one.dueAt,
      }));
      if (endings.length > 0) await change((current) => [...current, ...endings]);
      const list = kept.troubles.filter(isOwn);
      if (list.length > 0) await changeTroubles((current) => [...list, ...current]);
      const left: Aside = {
        endings: kept.endings.filter((one) => !isOwn(one)),
        troubles: kept.troubles.filter((one) => !isOwn(one)),
      };
      if (left.endings.length + left.troubles.length > 0) await local.write(ASIDE_KEY, left);
      else await local.remove(ASIDE_KEY);
    },

    forgetSetAside: () => local.remove(ASIDE_KEY),

    alarmRang: run,

    async started() {
      // What was being sent when the background ended may have arrived or not; a second time does no harm.
      if ((await all()).length === 0) return;
      await change((endings) => endings.map((one) => ({ ...one, sending: false })));
      await run();
    },
  };
}

/** Failures that pass by themselves, or when somebody logs in. */
const PASSES = /^(?:server\.|auth\.|no-access)/;

const broke = () => ({
  title: say('revoke_broke'),
  message: say('revoke_broke_next'),
});

const NO_ACCESS = (host: string) => ({
  title: say('not_allowed_to_reach', host),
  message: say('allow_then_revoke'),
});

const AMBIGUOUS = (count: number) => ({
  title: say('old_not_revoked'),
  message: say('old_ambiguous', count),
});

const WAITS = (host: string) => ({
  title: say('old_waits'),
  message: say('old_waits_why', host),
});

/** How the row of a token stands in an answer. */
export function shownRow({ row, patId }: KnownToken, endsAt: EndsAt): TokenRow {
  return { ...row, endsAt: endsAt(factsOfKnown({ row, patId })) };
}
