import { Link2, Plug } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Failure, ProxyView } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Command } from '../ui/command.tsx';
import { TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
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
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const pair = async () => {
    if (busy || code.trim() === '') return;
    setBusy(true);
    const wrong = await options.pair(code.trim()).catch(() => SILENCE);
    setBusy(false);
    setFailure(wrong);
    if (!wrong) announce(PROXY.paired);
  };
  return (
    <form
      class="pair-form"
      onSubmit={(event) => {
        event.preventDefault();
        void pair();
      }}
    >
      <Command text="tokenleash pair" />
      <div class="beside">
        <TextField
          label={PROXY.code}
          value={code}
          mono
          onInput={(text) => {
            setCode(text);
            setFailure(null);
          }}
          error={failure ? [failure.title, failure.message].filter(Boolean).join('. ') : undefined}
        />
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
