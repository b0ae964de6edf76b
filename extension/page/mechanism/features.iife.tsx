import { offerPart } from './parts.ts';
import { start } from './start.ts';

offerPart('features', start);
