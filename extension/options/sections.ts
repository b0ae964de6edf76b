import {
  ArrowRightLeft,
  Bookmark,
  Braces,
  ClipboardCheck,
  ClockAlert,
  Globe,
  Keyboard,
  type LucideIcon,
  PanelTop,
  Plug,
  SunMoon,
} from 'lucide-preact';
import type { ComponentType } from 'preact';
import { AppearanceSection } from './appearance-section.tsx';
import { ExpirySection } from './expiry-section.tsx';
import { FormatsSection } from './formats-section.tsx';
import { InstancesSection } from './instances-section.tsx';
import { PagesSection } from './pages-section.tsx';
import { ProxySection } from './proxy-section.tsx';
import { RecipesSection } from './recipes-section.tsx';
import { SecureCopySection } from './secure-copy-section.tsx';
import { ShortcutsSection } from './shortcuts-section.tsx';
import type { Options } from './store.ts';
import { TransferSection } from './transfer-section.tsx';
import type { SECTIONS } from './words.ts';

type Entry = {
  id: keyof typeof SECTIONS;
  icon: LucideIcon;
  view: ComponentType<{ options: Options }>;
};

/** The parts of the page, in their order; the list beside them is made of the same. */
export const ENTRIES: readonly Entry[] = [
  { id: 'instances', icon: Globe, view: InstancesSection },
  { id: 'copy', icon: ClipboardCheck, view: SecureCopySection },
  { id: 'pages', icon: PanelTop, view: PagesSection },
  { id: 'recipes', icon: Bookmark, view: RecipesSection },
  { id: 'formats', icon: Braces, view: FormatsSection },
  { id: 'proxy', icon: Plug, view: ProxySection },
  { id: 'expiry', icon: ClockAlert, view: ExpirySection },
  { id: 'shortcuts', icon: Keyboard, view: ShortcutsSection },
  { id: 'appearance', icon: SunMoon, view: AppearanceSection },
  { id: 'transfer', icon: ArrowRightLeft, view: TransferSection },
];
