// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LastFormats, TokenKind } from '../../extension/platform/messages.ts';
import { CopyAsMenu } from '../../extension/popup/copy-as-menu.tsx';

let root: HTMLElement;

beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

async function show(kind: TokenKind, last: LastFormats = {}) {
  const onChoose = vi.fn();
  const lastFormats = async () => last;
  await act(async () => {
    render(<CopyAsMenu kind={kind} lastFormats={lastFormats} onChoose={onChoose} />, root);
  });
  const button = root.querySelector('button');
  if (!button) throw new Error('no button');
  const open = () => act(async () => button.click());
  return { onChoose, button, open };
}

const items = () =>
  [...root.querySelectorAll<HTMLElement>('[role=menuitem]')].map((item) => item.textContent);

async function press(key: string): Promise<void> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  await act(async () => {
    document.activeElement?.dispatchEvent(event);
    // A button that has the focus is pressed by Enter; the simulated DOM leaves that to us.
    if (key === 'Enter' && !event.defaultPrevented) (document.activeElement as HTMLElement).click();
  });
}

const focused = () => document.activeElement?.textContent;

describe('"Copy as…"', () => {
  test('offers a personal token no SDK', async () => {
    const { button, open } = await show('personal');
    expect(button.getAttribute('aria-label')).toBe('Copy as…');
    await open();
    expect(items()).toEqual([
      'Plain',
      'Authorization header',
      '.env',
      'curl',
      'Kubernetes Secret',
      'gh secret set',
      'Terraform variables',
    ]);
  });

  test('has the SDKs of a backend token in a list inside, by arrow and back again', async () => {
    const { open } = await show('backend');
    await open();
    expect(items()).toContain('SDK set-up');
    expect(items()).not.toContain('Node');
    for (let step = 0; step < 4; step += 1) await press('ArrowDown');
    expect(focused()).toBe('SDK set-up');
    await press('ArrowRight');
    expect(items()).toEqual([
      'Back',
      'Node',
      'Python',
      'Java',
      'Go',
      '.NET',
      'Ruby',
      'PHP',
      'Rust',
      'Next.js',
    ]);
    await press('ArrowLeft');
    expect(items()).toContain('Plain');
    expect(focused()).toBe('SDK set-up');
    await press('Escape');
    expect(items()).toEqual([]);
  });

  test('repeats what was chosen last for this kind by Enter, Enter', async () => {
    const { onChoose, open } = await show('backend', { backend: 'dotenv', personal: 'curl' });
    await open();
    expect(focused()).toBe('.env');
    await press('Enter');
    expect(onChoose).toHaveBeenCalledWith('dotenv');
    expect(items()).toEqual([]);
    expect(focused()).toBe('Copy as…');
  });

  test('opens at the SDK that was chosen last', async () => {
    const { onChoose, open } = await show('backend');
    await open();
    for (let step = 0; step < 4; step += 1) await press('ArrowDown');
    await press('Enter');
    await press('ArrowDown');
    expect(focused()).toBe('Node');
    await press('Enter');
    await open();
    expect(focused()).toBe('Node');
    await press('Enter');
    expect(onChoose.mock.calls).toEqual([['sdk-node'], ['sdk-node']]);
  });

  test('opens at its first format where the last one is not for this kind', async () => {
    const { open } = await show('frontend', { frontend: 'sdk-go' });
    await open();
    expect(focused()).toBe('Plain');
  });

  test('leaves a list inside by Escape alone, before it closes', async () => {
    const { open } = await show('frontend', { frontend: 'sdk-react' });
    await open();
    expect(focused()).toBe('React');
    await press('Escape');
    expect(focused()).toBe('SDK set-up');
    await press('Escape');
    expect(items()).toEqual([]);
    expect(focused()).toBe('Copy as…');
  });
});
