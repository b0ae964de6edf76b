export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A queue of one: each piece of work begins when the one before it has ended, well or badly. For everything that reads,
 * thinks and writes back: two such at once would lose one of the two.
 */
export function createQueue(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}
