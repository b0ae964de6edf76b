import { Eye } from 'lucide-preact';
import { useId } from 'preact/hooks';
import { type ReadSecret, useHoldToReveal } from './hold-to-reveal.ts';
import { Icon } from './icon.tsx';

type SecretFieldProps = {
  label: string;
  masked: string;
  hidden: string;
  reveal: string;
  hint: string;
  read: ReadSecret;
};

/** What says whose a token is, in front of the dots that hide the rest. */
export function visiblePart(masked: string): string {
  return masked.slice(0, masked.search(/•|$/));
}

/** A masked secret with a Reveal that works while it is held; see `useHoldToReveal`. */
export function SecretField({ label, masked, hidden, reveal, hint, read }: SecretFieldProps) {
  const hintId = useId();
  const { secret, handlers } = useHoldToReveal(read);
  return (
    <fieldset class="secret" aria-label={label}>
      <div class={secret === null ? 'secret-box' : 'secret-box shown'}>
        {secret === null ? (
          <MaskedText masked={masked} hidden={hidden} />
        ) : (
          <span class="secret-text">{secret}</span>
        )}
        <button type="button" class="reveal" aria-describedby={hintId} {...handlers}>
          <Icon of={Eye} />
          <span>{reveal}</span>
        </button>
      </div>
      <div class="hint" id={hintId}>
        {hint}
      </div>
    </fieldset>
  );
}

/** A token's visible part and dots of a fixed number; screen readers hear "hidden" instead of dots. */
export function MaskedText({ masked, hidden }: { masked: string; hidden: string }) {
  const head = visiblePart(masked);
  return (
    <span class="secret-text">
      {head}
      <span class="dots" aria-hidden="true">
        {masked.slice(head.length)}
      </span>
      <span class="visually-hidden">{hidden}</span>
    </span>
  );
}
