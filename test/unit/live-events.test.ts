import { describe, expect, it } from 'vitest';
import { createLiveEvents } from '../../proxy/control/live-events.ts';
import { auditEntry } from './audit-entry.ts';

const here = () => new AbortController().signal;

describe('live events', () => {
  it('are given from the first that was not seen on', async () => {
    const events = createLiveEvents();
    events.request(auditEntry(1));
    const first = await events.after(null, here());
    expect(first).toMatchObject({ last: 1, missed: false, events: [{ number: 1 }] });
    events.changed();
    events.request(auditEntry(2));
    const { stream } = first;
    const more = await events.after({ stream, after: 1 }, here());
    expect(more).toEqual({
      stream,
      last: 3,
      missed: false,
      events: [
        { number: 2, event: 'status' },
        { number: 3, event: 'request', request: auditEntry(2) },
      ],
    });
  });

  it('are waited for where all were seen', async () => {
    const events = createLiveEvents();
    const { stream } = await events.after(null, here());
    const waiting = events.after({ stream, after: 0 }, here());
    events.request(auditEntry(1));
    expect((await waiting).events).toHaveLength(1);
  });

  it('are not waited for longer than the time for it, nor by who left, nor beyond the end', async () => {
    const events = createLiveEvents(20);
    const { stream } = await events.after(null, here());
    const nothing = { stream, last: 0, missed: false, events: [] };
    expect(await events.after({ stream, after: 0 }, here())).toEqual(nothing);

    const patient = createLiveEvents(1_000_000);
    const seen = { stream: (await patient.after(null, here())).stream, after: 0 };
    const left = new AbortController();
    const waiting = patient.after(seen, left.signal);
    left.abort();
    expect((await waiting).events).toEqual([]);
    const last = patient.after(seen, here());
    patient.close();
    expect((await last).events).toEqual([]);
    expect((await patient.after(seen, here())).events).toEqual([]);
  });

  it('that are gone unseen are said to be missed, and those of a proxy started anew', async () => {
    const events = createLiveEvents();
    const { stream } = await events.after(null, here());
    for (let id = 1; id <= 1000; id += 1) events.request(auditEntry(id));
    const late = await events.after({ stream, after: 1 }, here());
    expect(late).toMatchObject({ last: 1000, missed: true });
    expect(late.events.at(-1)).toMatchObject({ number: 1000 });
    expect(late.events.length).toBeLessThanOrEqual(256);
    const soon = await events.after({ stream, after: 990 }, here());
    expect(soon).toMatchObject({ missed: false });
    expect(soon.events).toHaveLength(10);
    for (const seen of [
      { stream: 'another', after: 1000 },
      { stream, after: 5000 },
    ])
      expect(await events.after(seen, here())).toMatchObject({ stream, last: 1000, missed: true });
  });

  it('are told to sixteen at once, and to no more', () => {
    const events = createLiveEvents();
    const told: number[] = [];
    const leave = Array.from({ length: 16 }, () =>
      events.listen(
        ({ number }) => told.push(number),
        () => undefined,
      ),
    );
    expect(leave).not.toContain(null);
    const refused = () =>
      events.listen(
        () => undefined,
        () => undefined,
      );
    expect(refused()).toBeNull();
    events.changed();
    expect(told).toHaveLength(16);
    leave[0]?.();
    expect(refused()).not.toBeNull();
  });
});
