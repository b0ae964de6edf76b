import { signal } from '@preact/signals';
import { hostPattern } from '../platform/match-pattern.ts';
import type { Answer, Failure, Instance, InstanceState } from '../platform/messages.ts';
import type { Send } from '../platform/send.ts';
import { hostOf, permissionFor } from './address.ts';
import type { PermissionsApi } from './permissions.ts';
import type { See } from './store.ts';
import type { Undo } from './undo.ts';
import { INSTANCES, SILENT } from './words.ts';

export type Added = Extract<Answer<'instances.add'>, { ok: true }>;
export type InstancesStore = ReturnType<typeof createInstancesStore>;

type Parts = { send: Send; permissions: PermissionsApi; undo: Undo; see: See };

/** The instances: adding one, what each says of itself, its name, its end. */
export function createInstancesStore({ send, permissions, undo, see }: Parts) {
  const address = signal('');
  const adding = signal(false);
  const added = signal<Added | null>(null);
  const failure = signal<Failure | null>(null);
  const instances = signal<Instance[] | null>(null);
  const currentId = signal<string | null>(null);
  const states = signal<Record<string, InstanceState>>({});

  async function loadInstances(): Promise<void> {
    const list = await send('instances.list', {});
    instances.value = list.instances;
    currentId.value = list.currentId;
    for (const instance of list.instances) void loadState(instance);
  }

  async function loadState({ id }: Instance): Promise<void> {
    const state = await send('instance.load', { id }).catch(() => null);
    if (state) states.value = { ...states.value, [id]: state };
  }

  function type(text: string): void {
    address.value = text;
    failure.value = null;
    added.value = null;
  }

  /** Asks for the host, then adds. The question must come first of all: a click lets us ask once, and at once. */
  async function add(typed: string = address.value, allowHttp = false): Promise<void> {
    if (adding.value) return;
    failure.value = null;
    added.value = null;
    const pattern = permissionFor(typed, allowHttp);
    adding.value = true;
    try {
      // Where it is held already the browser answers yes without a prompt.
      if (pattern === null || (await permissions.askForHosts([pattern]))) {
        await addAllowed(typed, allowHttp);
      } else failure.value = refused(pattern);
    } catch {
      failure.value = { ok: false, code: 'background.silent', title: '', message: SILENT };
    } finally {
      adding.value = false;
    }
  }

  /** What was refused because it is plain http: the user has read that tokens travel in clear there, and wants it so. */
  const addInClear = () => add(address.value, true);

  async function addAllowed(typed: string, allowHttp: boolean): Promise<void> {
    const url = typed.trim();
    const answer = await send('instances.add', allowHttp ? { url, allowHttp } : { url });
    if (!answer.ok) {
      failure.value = answer;
      return;
    }
    added.value = answer;
    address.value = answer.instance.id;
    await loadInstances();
  }

  /** Asks for the host of one whose access was taken back; what it is called stays. */
  async function allow(instance: Instance): Promise<boolean> {
    const pattern = hostPattern(instance.origin);
    const allowed = await permissions.askForHosts([pattern]).catch(() => false);
    await loadState(instance);
    return allowed;
  }

  /** False where it stays. */
  async function remove(instance: Instance): Promise<boolean> {
    const at = instances.value?.findIndex(({ id }) => id === instance.id) ?? 0;
    const current = currentId.value === instance.id;
    const removed = see(await send('instances.remove', { id: instance.id }));
    await loadInstances();
    if (!removed) return false;
    const { id, name } = instance;
    undo.offer({
      words: INSTANCES.removed(name),
      said: INSTANCES.back(name),
      back: async () => {
        const back = see(
          await send('instances.restore', { id, name, at: Math.max(0, at), current }),
        );
        await loadInstances();
        return back;
      },
    });
    return true;
  }

  /** Gives what is wrong with the name, or null when it was taken. */
  async function rename(instance: Instance, name: string): Promise<Failure | null> {
    const answer = await send('instances.rename', { id: instance.id, name });
    if (!answer.ok) return answer;
    await loadInstances();
    return null;
  }

  /** False where the one before stays. */
  async function use(instance: Instance): Promise<boolean> {
    const used = see(await send('instances.use', { id: instance.id }));
    await loadInstances();
    return used;
  }

  return {
    address,
    adding,
    added,
    failure,
    instances,
    currentId,
    states,
    loadInstances,
    type,
    add,
    addInClear,
    allow,
    remove,
    rename,
    use,
  };
}

function refused(pattern: string): Failure {
  return {
    ok: false,
    code: 'permission.refused',
    title: INSTANCES.refusedTitle,
    message: INSTANCES.refused(hostOf(pattern)),
  };
}
