import { Link2, Plug } from 'lucide-preact';
import type { Failure, ProxyView } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Command } from '../ui/command.tsx';
import { TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { usePairing } from '../ui/pairing.ts';
import { Section } from './section.tsx';
import type { Options } from './store.ts';
import { PROXY, SECTIONS, SILENT } from './words.ts';

/** The paired proxy, pairing with one, and the end of the pairing from this side. */
export function ProxySection({ options }: { options: Options }) {
  const view = options.proxy.value;
  if (!view) return null;
  const { title, text } = wordsOf(view);
  return (
    <Section id="proxy" title={SECTIONS.proxy} text={PROXY.text}>
      <div class="rows">
        <div class="row">
          <Icon of={Plug} />
          <div class="row-name">
            <strong>{title}</strong>
            <span class="meta">{text}</span>
          </div>
          {view.state === 'connected' && view.profile !== null && (
            <span class="row-state">{PROXY.profile(view.profile)}</span>
          )}
          {view.state !== 'unpaired' && (
            <span class="row-acts">
              <Button
                small
                look="quiet"
                onClick={() => {
                  void options.unpair().then(() => announce(PROXY.unpaired));
                }}
              >
                {PROXY.unpair}
              </Button>
            </span>
          )}
        </div>
        {view.state === 'unpaired' && <PairForm options={options} />}
      </div>
    </Section>
  );
}

function PairForm({ options }: { options: Options }) {
  const { code, busy, problem, type, submit } = usePairing(
    (typed) => options.pair(typed).catch(() => SILENCE),
    PROXY.paired,
  );
  return (
    <form class="pair-form" onSubmit={submit}>
      <Command text="tokenleash pair" />
      <div class="beside">
        <TextField label={PROXY.code} value={code} mono onInput={type} error={problem} />
        <Button type="submit" icon={Link2} busy={busy}>
          {PROXY.pair}
        </Button>
      </div>
    </form>
  );
}

const SILENCE: Failure = { ok: false, code: 'background.silent', title: '', message: SILENT };

function wordsOf(view: ProxyView): { title: string; text: string } {
  if (view.state === 'unpaired') return { title: PROXY.none, text: PROXY.noneText };
  if (view.state === 'connected') return { title: PROXY.running, text: view.url };
  if (view.state === 'unreachable') return { title: PROXY.unreachable, text: view.message };
  return { title: PROXY.refused, text: view.message };
}
