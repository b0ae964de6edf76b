import { markRows } from './mark-rows.ts';
import { offerPart } from './parts.ts';

offerPart('mark-rows', markRows);
