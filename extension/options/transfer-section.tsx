import { CircleAlert, Download, FileInput } from 'lucide-preact';
import { useRef, useState } from 'preact/hooks';
import { SETTINGS_FILE_LIMIT } from '../platform/settings-file-limit.ts';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import { Section } from './section.tsx';
import type { Options } from './store.ts';
import { changeWords, SETTING_NAMES, TRANSFER } from './words/transfer.ts';
import { OPTIONS } from './words.ts';

/** Settings to a file, and from one: first what it would change, then, if the user wants it, the change. */
export function TransferSection({ options }: { options: Options }) {
  const picker = useRef<HTMLInputElement>(null);
  const { transfer } = options;
  const failure = transfer.failure.value;
  return (
    <Section id="transfer" title={TRANSFER.title} text={TRANSFER.text}>
      <div class="after-rows">
        <Button
          icon={Download}
          describedBy="export-hint"
          onClick={() => {
            void transfer.exportText().then((text) => {
              download(text);
              announce(TRANSFER.exported);
            });
          }}
        >
          {TRANSFER.export}
        </Button>
        <span class="meta" id="export-hint">
          {TRANSFER.exportHint}
        </span>
      </div>
      <div class="after-rows">
        <Button icon={FileInput} describedBy="import-hint" onClick={() => picker.current?.click()}>
          {TRANSFER.choose}
        </Button>
        <span class="meta" id="import-hint">
          {TRANSFER.chooseHint}
        </span>
        <input
          ref={picker}
          type="file"
          accept=".json,application/json"
          class="visually-hidden"
          tabIndex={-1}
          aria-label={TRANSFER.choose}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            // One byte more than may be is enough to see that it is too large.
            if (file)
              void file
                .slice(0, SETTINGS_FILE_LIMIT + 1)
                .text()
                .then(transfer.look);
            // The same file, mended, can be chosen again.
            event.currentTarget.value = '';
          }}
        />
      </div>
      {failure && (
        <Note tone="danger" icon={CircleAlert} title={failure.title}>
          {failure.message}
        </Note>
      )}
      {transfer.preview.value && <Preview options={options} />}
    </Section>
  );
}

function Preview({ options }: { options: Options }) {
  const [busy, setBusy] = useState(false);
  const { transfer } = options;
  const preview = transfer.preview.value;
  if (!preview) return null;
  const { changes, unknown, locked, hosts } = preview;
  const take = async () => {
    setBusy(true);
    const outcome = await transfer.take();
    setBusy(false);
    if (outcome === null) return;
    announce(
      outcome.allowed
        ? TRANSFER.taken(changes.length)
        : `${TRANSFER.taken(changes.length)} ${TRANSFER.notAllowed}`,
    );
  };
  return (
    <section class="rows preview" aria-label={TRANSFER.heading}>
      <h3>{changes.length === 0 ? TRANSFER.nothing : TRANSFER.heading}</h3>
      {changes.length > 0 && (
        <ul>
          {changes.map((change) => (
            <li key={changeWords(change)}>{changeWords(change)}</li>
          ))}
        </ul>
      )}
      {hosts.length > 0 && <p class="meta">{TRANSFER.hosts}</p>}
      {locked.length > 0 && (
        <p class="meta">{TRANSFER.locked(locked.map((key) => SETTING_NAMES[key]))}</p>
      )}
      {unknown.length > 0 && <p class="meta">{TRANSFER.unknown(unknown)}</p>}
      <div class="acts">
        {changes.length > 0 && (
          <Button look="primary" busy={busy} onClick={() => void take()}>
            {TRANSFER.take}
          </Button>
        )}
        <Button look="quiet" onClick={transfer.forget}>
          {OPTIONS.cancel}
        </Button>
      </div>
    </section>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = TRANSFER.fileName;
  link.click();
  // The download has its own hold on the data by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
