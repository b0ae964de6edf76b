import { browser } from './browser.ts';

/**
 * What an administrator has set for this extension, by name; nothing where there is no policy. Firefox rejects then
 * ("Managed storage manifest not found").
 */
export async function readManaged(): Promise<Record<string, unknown>> {
  try {
    return await browser.storage.managed.get();
  } catch {
    return {};
  }
}
