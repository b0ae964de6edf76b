import { adminUiJourneys } from '../e2e/fixtures/admin-ui-journeys.ts';

for (const version of ['4.19.5', '5.12.8', '6.10.1', '7.4.1', '8.2.0'])
  adminUiJourneys({ version });
adminUiJourneys({ version: '8.2.0', secure: true });
