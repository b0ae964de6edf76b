import { Globe, Plus } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { AddedLine, AddressField, addedWords } from './address-field.tsx';
import { InstanceRow } from './instance-row.tsx';
import { Section } from './section.tsx';
import type { Options } from './store.ts';
import { INSTANCES, SECTIONS } from './words.ts';

/** Adding an instance, and those that are there. */
export function InstancesSection({ options }: { options: Options }) {
  const instances = options.instances.value;
  return (
    <Section id="instances" title={SECTIONS.instances} text={INSTANCES.text}>
      <AddInstance options={options} />
      {instances?.length === 0 && (
        <div class="rows">
          <div class="row none">
            <Icon of={Globe} />
            <div>
              <strong>{INSTANCES.none}</strong>
              <div class="meta">{INSTANCES.noneText}</div>
            </div>
          </div>
        </div>
      )}
      {instances !== null && instances.length > 0 && (
        <ul class="rows">
          {instances.map((instance) => (
            <InstanceRow key={instance.id} options={options} instance={instance} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function AddInstance({ options }: { options: Options }) {
  const added = options.added.value;
  useEffect(() => {
    if (added) announce(addedWords(added));
  }, [added]);
  return (
    <form
      class="add"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void options.add();
      }}
    >
      <AddressField options={options} />
      <Button look="primary" type="submit" icon={Plus} busy={options.adding.value}>
        {INSTANCES.add}
      </Button>
      {added && <AddedLine added={added} />}
    </form>
  );
}
