import '../ui/theme.css';
import '../ui/base.css';
import '../ui/controls.css';
import './options.css';
import { render } from 'preact';
import { browser } from '../platform/browser.ts';
import { language } from '../platform/say.ts';
import { send } from '../platform/send.ts';
import { browserShortcuts } from '../platform/shortcuts.ts';
import { browserToolbar } from '../platform/toolbar.ts';
import { App } from './app.tsx';
import { browserPermissions } from './permissions.ts';
import { createOptions } from './store.ts';
import { Welcome } from './welcome.tsx';
import { OPTIONS } from './words.ts';

document.documentElement.lang = language();
document.title = OPTIONS.pageTitle;

const options = createOptions({
  send,
  permissions: browserPermissions,
  shortcuts: browserShortcuts,
  toolbar: browserToolbar,
  now: Date.now,
});
const query = new URLSearchParams(location.search);
// The site at hand, or an instance whose access was taken back.
options.type(query.get('url') ?? query.get('allow') ?? '');

function showOptions(): void {
  // Not the set-up again when this tab is loaded anew.
  history.replaceState(null, '', location.pathname);
  render(
    <App options={options} version={browser.runtime.getManifest().version} onSetUp={showSetUp} />,
    document.body,
  );
}

function showSetUp(): void {
  render(<Welcome options={options} onEnd={showOptions} />, document.body);
  void options.welcome.begin();
}

if (query.has('welcome')) showSetUp();
else {
  render(
    <App options={options} version={browser.runtime.getManifest().version} onSetUp={showSetUp} />,
    document.body,
  );
}
void options.load();
