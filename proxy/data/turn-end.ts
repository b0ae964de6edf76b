import type { Socket } from 'node:net';

let due: (() => void)[] = [];
let inThisTurn = 0;
let inTurnBefore = 0;

/**
 * Calls when all that came in this turn of the loop has been seen to, in the order in which it was asked. It is for what
 * writes: a write wakes who waits for it on another core, which costs more than the write; one after the other, they find
 * that core awake. What is alone in its turn, as the one before was, waits for nobody and is called at once.
 */
export function atTurnEnd(action: () => void): void {
  if (joinTurn() === 'alone') action();
  else due.push(action);
}

/** Holds what is written to this socket until the turn ends. One that has ended or broken by then says nothing. */
export function holdWrites(socket: Socket): void {
  if (joinTurn() === 'alone') return;
  socket.cork();
  due.push(() => socket.uncork());
}

/** Counts one more in this turn, and has it end. */
function joinTurn(): 'alone' | 'with others' {
  inThisTurn += 1;
  if (inThisTurn > 1) return 'with others';
  setImmediate(endTurn);
  return inTurnBefore < 2 ? 'alone' : 'with others';
}

function endTurn(): void {
  inTurnBefore = inThisTurn;
  inThisTurn = 0;
  const actions = due;
  due = [];
  for (const action of actions) action();
}
