export const WELCOME = {
  title: 'Set up Tokenleash',
  text: 'Create, copy and revoke Unleash tokens from the toolbar, without a secret staying on the clipboard or on the screen.',
  steps: { address: 'Your server', access: 'Access', pin: 'Toolbar' },
  stepOf: (step: number) => `Step ${step} of 3`,
  addressTitle: 'Where is your Unleash?',
  continue: 'Continue',
  accessTitle: (host: string) => `Allow access to ${host}`,
  accessText:
    'The browser asks you in a moment. Tokenleash reaches this host and no other, until you take it back.',
  allow: 'Allow access',
  back: 'Another address',
  pinTitle: 'Keep the button in sight',
  pinText: {
    chromium: 'Choose the puzzle piece in the toolbar, then the pin beside Tokenleash.',
    firefox:
      'Choose the puzzle piece in the toolbar, then the gear beside Tokenleash, then Pin to Toolbar.',
  },
  pinned: 'The button is on the toolbar.',
  done: 'Done',
  skip: 'Skip set-up',
  unfinished: 'The set-up is not finished',
  goOn: 'Go on with it',
} as const;
