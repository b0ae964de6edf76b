import { EXIT, Problem } from '../problem.ts';
import { answer, type Command, type Io } from './command.ts';
import { COMPLETION_SCRIPTS } from './completion-scripts.ts';
import { parseShell, type Shell } from './option-types.ts';

export const command: Command<{ shell: string }> = {
  arguments: [
    {
      name: 'shell',
      description: 'bash, zsh, fish or pwsh',
      required: true,
      values: ['bash', 'zsh', 'fish', 'pwsh'],
    },
  ],
  help: `Prints a script that completes commands, flags, and the names of profiles and clients.
  bash:        echo 'source <(tokenleash completion bash)' >> ~/.bashrc
  zsh:         echo 'source <(tokenleash completion zsh)' >> ~/.zshrc
  fish:        tokenleash completion fish > ~/.config/fish/completions/tokenleash.fish
  PowerShell:  tokenleash completion pwsh >> $PROFILE`,
  run,
};

async function run({ shell }: { shell: string }, io: Io): Promise<number> {
  answer(io, COMPLETION_SCRIPTS[shellNamed(shell)].trimEnd());
  return EXIT.ok;
}

function shellNamed(word: string): Shell {
  try {
    return parseShell(word);
  } catch {
    throw new Problem(
      'The shell has to be bash, zsh, fish or pwsh.',
      'tokenleash completion --help',
      EXIT.usage,
    );
  }
}
