import { say } from '../../platform/say.ts';

export const WELCOME = {
  title: say('welcome_title'),
  text: say('welcome_text'),
  steps: { address: say('step_address'), access: say('access'), pin: say('step_pin') },
  stepOf: (step: number) => say('step_of', step),
  addressTitle: say('where_is_it'),
  continue: say('continue'),
  accessTitle: (host: string) => say('allow_access_to', host),
  accessText: say('allow_access_text'),
  allow: say('allow_access'),
  back: say('another_address'),
  pinTitle: say('pin_title'),
  pinText: {
    chromium: say('pin_chromium'),
    firefox: say('pin_firefox'),
  },
  pinned: say('pinned'),
  done: say('done'),
  skip: say('skip'),
  unfinished: say('unfinished'),
  goOn: say('go_on'),
} as const;
