import bash from '../completion/tokenleash.bash?raw';
import fish from '../completion/tokenleash.fish?raw';
import pwsh from '../completion/tokenleash.ps1?raw';
import zsh from '../completion/tokenleash.zsh?raw';
import type { Shell } from './option-types.ts';

/**
 * What each shell is told to do at Tab: call `tokenleash __complete WORDS =WORD`, whose answer is described in
 * completion-candidates.ts. The word at the cursor has a "=" before it, as PowerShell below 7.3 drops empty arguments.
 */
export const COMPLETION_SCRIPTS: Record<Shell, string> = { bash, zsh, fish, pwsh };
