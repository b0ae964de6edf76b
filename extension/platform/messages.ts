/**
 * Every message inside the extension, in one table: its name, what it carries, what comes back, and who may send it.
 *
 * Tier `internal`: only the extension's own pages (popup, options), top frame, our origin.
 * Tier `page`: a content script on an instance's origin may send it too. Such a message can do no more than a person
 * who looks at that page could, and its answer never holds a secret.
 */
import type { BatchMessages } from './messages/batch.ts';
import type { ClipboardMessages } from './messages/clipboard.ts';
import type { CopyAsMessages } from './messages/copy-as.ts';
import type { CreateMessages } from './messages/create.ts';
import type { CreatedMessages } from './messages/created.ts';
import type { FirstRunMessages } from './messages/first-run.ts';
import type { InstanceMessages } from './messages/instances.ts';
import type { PageMessages } from './messages/page.ts';
import type { ProxyMessages } from './messages/proxy.ts';
import type { RecipeMessages } from './messages/recipes.ts';
import type { SettingsMessages } from './messages/settings.ts';
import type { TokensMessages } from './messages/tokens.ts';
import type { TransferMessages } from './messages/transfer.ts';

export type * from './messages/batch.ts';
export type * from './messages/clipboard.ts';
export type * from './messages/copy-as.ts';
export type * from './messages/create.ts';
export type * from './messages/created.ts';
export type * from './messages/first-run.ts';
export type * from './messages/instances.ts';
export type * from './messages/page.ts';
export type * from './messages/proxy.ts';
export type * from './messages/recipes.ts';
export type * from './messages/settings.ts';
export type * from './messages/tokens.ts';
export type * from './messages/transfer.ts';
export type * from './messages/vocabulary.ts';

export type MessageTable = BatchMessages &
  ClipboardMessages &
  CopyAsMessages &
  CreateMessages &
  CreatedMessages &
  FirstRunMessages &
  InstanceMessages &
  PageMessages &
  ProxyMessages &
  RecipeMessages &
  SettingsMessages &
  TokensMessages &
  TransferMessages;

export type MessageName = keyof MessageTable;
export type Request<N extends MessageName> = MessageTable[N]['request'];
export type Answer<N extends MessageName> = MessageTable[N]['answer'];
