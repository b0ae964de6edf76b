import { signal } from '@preact/signals';
import { findTokens } from '../../shared/token/grammar.ts';
import { candidateBaseUrls } from '../../shared/unleash/base-url.ts';
import type { FirstRun } from '../platform/messages.ts';
import type { Send } from '../platform/send.ts';
import type { ToolbarApi } from '../platform/toolbar.ts';
import { permissionFor } from './address.ts';
import type { InstancesStore } from './instances-store.ts';

type Parts = { send: Send; instances: InstancesStore; toolbar: ToolbarApi };

/** What may lie on disk of what was typed: an address, and nothing else that was pasted into its field. */
function addressIn(typed: string): string {
  return candidateBaseUrls(typed).ok && findTokens(typed).length === 0 ? typed.trim() : '';
}

/** The set-up in three steps: address, access, toolbar. Each step is kept, so that it can be left and gone on with. */
export function createWelcome({ send, instances, toolbar }: Parts) {
  const state = signal<FirstRun | null>(null);
  const pinned = signal<boolean | null>(null);

  async function go(step: FirstRun['step']): Promise<void> {
    state.value = { step, address: step === 'done' ? '' : addressIn(instances.address.value) };
    await send('firstRun.write', state.value);
  }

  return {
    state,
    pinned,
    browser: toolbar.kind,
    go,
    async load(): Promise<void> {
      const { state: kept } = await send('firstRun.read', {});
      // `begin` may have come first, and knows more.
      state.value ??= kept;
    },
    /** Begins, or goes on where it was left; what was typed stands there again. */
    async begin(): Promise<void> {
      const { state: kept } = await send('firstRun.read', {});
      state.value = kept === null || kept.step === 'done' ? { step: 'address', address: '' } : kept;
      if (instances.address.value === '') instances.type(state.value.address);
    },
    /** On to the question for access; an address that cannot be one is said to be so by the background. */
    async typed(): Promise<void> {
      if (permissionFor(instances.address.value) === null) await instances.add();
      else await go('access');
    },
    /** Asks for the host and adds: only inside a click. */
    async allow(): Promise<void> {
      await instances.add();
      if (instances.added.value) await go('pin');
    },
    /** The same for an address in plain http, once the user has read what that means. */
    async addInClear(): Promise<void> {
      await instances.addInClear();
      if (instances.added.value) await go('pin');
    },
    async lookAtToolbar(): Promise<void> {
      pinned.value = await toolbar.hasButton();
    },
  };
}
