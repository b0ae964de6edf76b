import { createServer, type Socket } from 'node:net';
import { press, showsText } from '../../test/e2e/fixtures/popup-driver.ts';
import { logIn } from '../../test/e2e/fixtures/session.ts';
import type { Camera } from './camera.ts';
import { openPopup, type Scenery } from './scenery.ts';

/** What stands in the way before a login, and with a role that may create no API tokens. Ends logged in as admin. */
export async function drawWhoMayNot(scenery: Scenery, draw: Camera): Promise<void> {
  const { chromium, front, unleash } = scenery;
  let popup = await openPopup(scenery);
  await showsText(popup, 'Log in to Unleash first');
  await draw(popup, 'popup-not-logged-in');
  await popup.close();

  const viewer = await unleash.createUser('Viewer');
  await logIn(chromium, front.url, await viewer.login());
  popup = await openPopup(scenery);
  await showsText(popup, 'You cannot create API tokens here');
  await draw(popup, 'popup-no-permission');
  await popup.close();
  await logIn(chromium, front.url, await unleash.login());
}

/** A server that takes long, and one that is gone. The server is back at the end. */
export async function drawServerTrouble(scenery: Scenery, draw: Camera): Promise<void> {
  const { front } = scenery;
  await front.leave();
  const open = new Set<Socket>();
  const silent = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((done) => silent.listen(Number(new URL(front.url).port), done));
  const popup = await openPopup(scenery);
  await showsText(popup, 'is slow to answer');
  await draw(popup, 'popup-loading');
  for (const socket of open) socket.destroy();
  await new Promise((done) => silent.close(done));
  await showsText(popup, 'Try again');
  await draw(popup, 'popup-unreachable');
  await front.comeBack();
  await press(popup, 'button', 'Try again');
  await popup.close();
}
