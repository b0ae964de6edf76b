import { offerPart } from './parts.ts';
import { createSecretCard } from './secret-card.ts';

offerPart('secret-card', createSecretCard);
