import { adminUiJourneys } from './fixtures/admin-ui-journeys.ts';

// The oldest of the supported ones; those between it and 8.2.0 are in `npm run test:versions`.
adminUiJourneys({ version: '4.19.5' });
