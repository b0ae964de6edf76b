import type { TokenKind } from '../platform/messages.ts';
import { say } from '../platform/say.ts';

/** How people call the kinds of token, in the words of Unleash. */
export const KIND_NAMES: Record<TokenKind, string> = {
  backend: say('kind_backend'),
  frontend: say('kind_frontend'),
  personal: say('kind_personal'),
  admin: say('kind_admin'),
};
