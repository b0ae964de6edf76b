import { useState } from 'preact/hooks';
import { announce } from '../ui/announce.tsx';

/**
 * What went wrong with a view's last copy, in words: said when it happens, shown until a copy works. `whenCopied` takes
 * a copy that is under way, which ends in those words or in null.
 */
export function useCopyProblem(): {
  problem: string | null;
  whenCopied(copying: Promise<string | null>): Promise<void>;
} {
  const [problem, setProblem] = useState<string | null>(null);
  const whenCopied = async (copying: Promise<string | null>) => {
    const wrong = await copying;
    setProblem(wrong);
    if (wrong !== null) announce(wrong);
  };
  return { problem, whenCopied };
}
