import { expiryMarks } from './expiry-marks.ts';
import { flagShortcut } from './flag-shortcut.ts';
import type { Feature } from './mechanism/feature.ts';
import { quickCreate } from './quick-create.ts';
import { secureCopy } from './secure-copy.ts';
import { shownOnce } from './shown-once.ts';

/** Every feature inside the Unleash admin UI, one file each beside this one; test/unit holds the list and the folder together. */
export const features: Feature[] = [expiryMarks, flagShortcut, quickCreate, secureCopy, shownOnce];
