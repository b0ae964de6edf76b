import { Check, Copy } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { say } from '../platform/say.ts';
import { IconButton } from './button.tsx';

/** A command to type in a terminal. It holds no secret, so it goes to the clipboard as any text does. */
export function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // The command stands there to be read; a browser that will not copy it takes nothing away.
      setCopied(false);
    }
  };
  return (
    <div class="command">
      <code>{text}</code>
      <IconButton
        label={say('copy_that', text)}
        icon={copied ? Check : Copy}
        onClick={() => void copy()}
      />
    </div>
  );
}
