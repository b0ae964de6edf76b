import { createNotice } from './notice.ts';
import { offerPart } from './parts.ts';

offerPart('notice', createNotice);
