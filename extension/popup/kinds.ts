import { AppWindow, type LucideIcon, Server, ShieldAlert, UserRound } from 'lucide-preact';
import type { TokenKind } from '../platform/messages.ts';

export const KIND_ICONS: Record<TokenKind, LucideIcon> = {
  backend: Server,
  frontend: AppWindow,
  personal: UserRound,
  admin: ShieldAlert,
};

/** In the order in which they stand on screen. */
export const KINDS: readonly TokenKind[] = ['backend', 'frontend', 'personal', 'admin'];
