import { useState } from 'preact/hooks';
import type { Failure } from '../platform/messages.ts';
import { announce } from './announce.tsx';

/** A code being typed that pairs with a proxy, wherever the field for it stands. */
export type Pairing = {
  code: string;
  busy: boolean;
  /** Why it did not, in words. */
  problem: string | undefined;
  type(code: string): void;
  submit(event: Event): void;
};

/** @param paired what is read out once it is */
export function usePairing(
  pair: (code: string) => Promise<Failure | null>,
  paired: string,
): Pairing {
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const start = async () => {
    if (busy || code.trim() === '') return;
    setBusy(true);
    const wrong = await pair(code.trim());
    setBusy(false);
    setFailure(wrong);
    if (!wrong) announce(paired);
  };
  return {
    code,
    busy,
    problem: failure ? [failure.title, failure.message].filter(Boolean).join('. ') : undefined,
    type(typed) {
      setCode(typed);
      setFailure(null);
    },
    submit(event) {
      event.preventDefault();
      void start();
    },
  };
}
