import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createDeadlines } from '../../proxy/data/deadlines.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.spyOn(process, 'uptime').mockImplementation(() => performance.now() / 1000);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('tells of a limit that was not met, once, and of no other', () => {
  const deadlines = createDeadlines();
  const [late, met] = [vi.fn(), vi.fn()];
  deadlines.create(late).within(100);
  const other = deadlines.create(met);
  other.within(50);
  other.clear();
  vi.advanceTimersByTime(99);
  expect(late).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(late).toHaveBeenCalledTimes(1);
  expect(met).not.toHaveBeenCalled();
});

it('begins the time anew where something moved, and not where none runs', () => {
  const deadlines = createDeadlines();
  const expired = vi.fn();
  const deadline = deadlines.create(expired);
  deadline.within(100);
  vi.advanceTimersByTime(90);
  deadline.again();
  vi.advanceTimersByTime(90);
  expect(expired).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20);
  expect(expired).toHaveBeenCalledTimes(1);
  deadline.again();
  vi.advanceTimersByTime(1_000);
  expect(expired).toHaveBeenCalledTimes(1);
});

it('takes a shorter limit after a longer one, and a longer one after a shorter', () => {
  const deadlines = createDeadlines();
  const [short, long] = [vi.fn(), vi.fn()];
  const first = deadlines.create(short);
  first.within(10_000);
  first.within(10);
  const second = deadlines.create(long);
  second.within(10);
  second.within(10_000);
  vi.advanceTimersByTime(20);
  expect(short).toHaveBeenCalledTimes(1);
  expect(long).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10_000);
  expect(long).toHaveBeenCalledTimes(1);
});

it('lets one that expires end another that is as late, and set a new limit', () => {
  const deadlines = createDeadlines();
  const second = vi.fn();
  const again = vi.fn();
  const other = deadlines.create(second);
  const first = deadlines.create(() => {
    other.clear();
    deadlines.create(again).within(5);
  });
  first.within(10);
  other.within(10);
  vi.advanceTimersByTime(11);
  expect(second).not.toHaveBeenCalled();
  expect(again).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10);
  expect(again).toHaveBeenCalledTimes(1);
});
