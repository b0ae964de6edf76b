// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { begin } from '../../extension/page/mechanism/begin.ts';
import { forgetParts, offerPart } from '../../extension/page/mechanism/parts.ts';
import { noteRunning } from '../../extension/page/mechanism/running.ts';

const UNLEASH = '<meta name="baseUriPath" content="/flags"><meta name="cdnPrefix" content="">';
const SETTINGS = { secureCopy: true };

const sent = vi.fn(async (_: { name: string }): Promise<unknown> => SETTINGS);
const started = vi.fn();
const answered = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  vi.clearAllMocks();
  (globalThis as { chrome?: object }).chrome = { runtime: { id: 'x', sendMessage: sent } };
  document.head.innerHTML = UNLEASH;
  delete (document as { prerendering?: boolean }).prerendering;
  noteRunning(window, { isAlive: () => false, end: () => {} });
  forgetParts();
  // As the background does, which loads the script before it answers.
  sent.mockImplementation(async () => {
    offerPart('features', started);
    return SETTINGS;
  });
});

describe('the first script on a page', () => {
  it('sends nothing and loads nothing where the page is not Unleash', async () => {
    for (const head of ['', '<meta name="baseUriPath" content="/flags">']) {
      document.head.innerHTML = head;
      begin(window);
      await answered();
    }
    expect(sent).not.toHaveBeenCalled();
  });

  it('has the features loaded on a page of Unleash, and starts them with what the background says', async () => {
    begin(window);
    expect(sent.mock.calls).toMatchObject([[{ name: 'page.begin', request: {} }]]);
    await answered();
    expect(started.mock.calls).toEqual([[window, { basePath: '/flags' }, SETTINGS]]);
  });

  it('leaves a copy alone that runs, and ends one that the extension left behind', async () => {
    noteRunning(window, { isAlive: () => true, end: () => expect.unreachable() });
    begin(window);
    expect(sent).not.toHaveBeenCalled();
    const end = vi.fn();
    noteRunning(window, { isAlive: () => false, end });
    begin(window);
    expect(end).toHaveBeenCalled();
    await answered();
    expect(started).toHaveBeenCalledTimes(1);
  });

  it('tries again when the page is looked at again, where no answer came', async () => {
    sent.mockRejectedValueOnce(new Error('the tab is on its way elsewhere'));
    begin(window);
    await answered();
    expect(started).not.toHaveBeenCalled();
    window.dispatchEvent(new Event('focus'));
    await answered();
    expect(started).toHaveBeenCalledTimes(1);
    window.dispatchEvent(new Event('focus'));
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it('waits on a page that is made ahead until somebody sees it', async () => {
    Object.assign(document, { prerendering: true });
    begin(window);
    expect(sent).not.toHaveBeenCalled();
    Object.assign(document, { prerendering: false });
    document.dispatchEvent(new Event('prerenderingchange'));
    await answered();
    expect(started).toHaveBeenCalledTimes(1);
  });
});
