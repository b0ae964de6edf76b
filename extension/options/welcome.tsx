import './welcome.css';
import { ArrowRight, CircleCheck, PinIcon, ShieldCheck } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import type { FirstRun } from '../platform/messages.ts';
import { Announcer } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Mark } from '../ui/mark.tsx';
import { AddedLine, AddressField } from './address-field.tsx';
import { useTheme } from './app.tsx';
import type { Options } from './store.ts';
import { WELCOME } from './words/welcome.ts';

const STEPS = ['address', 'access', 'pin'] as const;

/** The set-up, in a tab of its own when the extension is new. `onEnd`: to the options. */
export function Welcome({ options, onEnd }: { options: Options; onEnd: () => void }) {
  useTheme(options);
  const { welcome } = options;
  const step = welcome.state.value?.step;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Each step is a view of its own: who hears the screen begins at its top. The first has a field to type into.
    if (step === 'access' || step === 'pin') title.current?.focus();
  }, [step]);
  const end = () => void welcome.go('done').then(onEnd);
  if (step === undefined || step === 'done') return null;
  return (
    <main class="welcome">
      <div class="brand">
        <Mark size={28} />
        <h1>{WELCOME.title}</h1>
      </div>
      <p>{WELCOME.text}</p>
      <ol class="welcome-steps">
        {STEPS.map((one) => (
          <li key={one} aria-current={one === step ? 'step' : undefined}>
            {WELCOME.steps[one]}
          </li>
        ))}
      </ol>
      <div class="welcome-step">
        <span class="meta">{WELCOME.stepOf(STEPS.indexOf(step) + 1)}</span>
        <h2 ref={title} tabIndex={-1}>
          {titleOf(step, options)}
        </h2>
        {step === 'address' && <AddressStep options={options} />}
        {step === 'access' && <AccessStep options={options} />}
        {step === 'pin' && <PinStep options={options} onEnd={end} />}
      </div>
      {step !== 'pin' && (
        <Button look="quiet" onClick={end}>
          {WELCOME.skip}
        </Button>
      )}
      <Announcer />
    </main>
  );
}

function titleOf(step: FirstRun['step'], options: Options): string {
  if (step === 'access') return WELCOME.accessTitle(options.hostTyped());
  return step === 'pin' ? WELCOME.pinTitle : WELCOME.addressTitle;
}

function AddressStep({ options }: { options: Options }) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void options.welcome.typed();
      }}
    >
      <AddressField options={options} onAddInClear={() => void options.welcome.addInClear()} />
      <div class="acts">
        <Button look="primary" type="submit" icon={ArrowRight} busy={options.adding.value}>
          {WELCOME.continue}
        </Button>
      </div>
    </form>
  );
}

function AccessStep({ options }: { options: Options }) {
  const { welcome } = options;
  const failed = options.failure.value !== null;
  return (
    <>
      <p>{WELCOME.accessText}</p>
      {failed && (
        <AddressField options={options} onAddInClear={() => void options.welcome.addInClear()} />
      )}
      <div class="acts">
        <Button
          look="primary"
          icon={ShieldCheck}
          busy={options.adding.value}
          onClick={() => void welcome.allow()}
        >
          {WELCOME.allow}
        </Button>
        <Button look="quiet" onClick={() => void welcome.go('address')}>
          {WELCOME.back}
        </Button>
      </div>
    </>
  );
}

function PinStep({ options, onEnd }: { options: Options; onEnd: () => void }) {
  const { welcome } = options;
  const added = options.added.value;
  useEffect(() => {
    const look = () => void welcome.lookAtToolbar();
    look();
    // Whoever comes back from the toolbar's menu sees that it worked.
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  }, [welcome]);
  return (
    <>
      {added && <AddedLine added={added} />}
      <p class="pin-words">
        <Icon of={welcome.pinned.value ? CircleCheck : PinIcon} />
        <span role="status">
          {welcome.pinned.value ? WELCOME.pinned : WELCOME.pinText[welcome.browser]}
        </span>
      </p>
      <div class="acts">
        <Button look="primary" onClick={onEnd}>
          {WELCOME.done}
        </Button>
      </div>
    </>
  );
}
