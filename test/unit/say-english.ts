import { messagesIn, speak } from './browser-words.ts';

// Tests of one part run without a browser; what a part says is English, as in most browsers.
speak('en', messagesIn('en'));
