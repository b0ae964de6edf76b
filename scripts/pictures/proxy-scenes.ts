import { fill, part, press, showsText } from '../../test/e2e/fixtures/popup-driver.ts';
import type { Camera } from './camera.ts';
import { openPopup, type Scenery } from './scenery.ts';

/** The Proxy tab: before pairing, with a proxy that runs, and with one that does not. */
export async function drawProxy(scenery: Scenery, draw: Camera): Promise<void> {
  const { cli, front, unleash } = scenery;
  const pat = await unleash.createPat('scripts on this laptop');
  const add = ['profile', 'add', 'acme-prod', '--url', front.url, '--unattended'];
  await cli.run([...add, '--store', 'sealed-file'], pat.secret);
  await cli.run([...add.with(2, 'acme-staging'), '--token-from', 'browser']);
  const proxy = await cli.start(['--port', '0', '--control-port', '0']);
  const popup = await openPopup(scenery);
  try {
    await press(popup, 'tab', 'Proxy');
    await part(popup, 'textbox', 'Pairing code');
    await draw(popup, 'popup-proxy');
    const { stdout } = await cli.run(['pair', '--json']);
    await fill(popup, 'textbox', 'Pairing code', JSON.parse(stdout).code);
    await press(popup, 'button', 'Pair');
    await showsText(popup, 'Running');
    await draw(popup, 'popup-proxy-running');
    await press(popup, 'button', 'New PAT for the proxy');
    await showsText(popup, 'In the proxy, profile acme-prod');
    await draw(popup, 'popup-proxy-new-pat');
  } finally {
    await proxy.stop();
  }
  await popup.close();
  const again = await openPopup(scenery);
  await showsText(again, 'The proxy did not answer');
  await draw(again, 'popup-proxy-unreachable');
  await press(again, 'tab', 'Create');
  await again.close();
}
