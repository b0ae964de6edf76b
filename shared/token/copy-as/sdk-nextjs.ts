import { programUrl, variableNames } from './mechanism/addresses.ts';
import type { CopyFormat } from './mechanism/copy-format.ts';
import { applicationName } from './mechanism/plain-name.ts';

/**
 * The variables that `@unleash/nextjs` reads, for `.env.local`. What the browser needs, Next.js hands on only under a
 * name that begins with NEXT_PUBLIC_; a backend token has none, so that it never gets there.
 */
export const sdkNextjs = {
  id: 'sdk-nextjs',
  label: 'Next.js',
  group: 'sdk',
  kinds: ['backend', 'frontend'],
  write(parts) {
    const names = variableNames(parts);
    const prefix = parts.kind === 'frontend' ? 'NEXT_PUBLIC_' : '';
    return `# npm install @unleash/nextjs
# .env.local
${prefix}${names.url}=${value(programUrl(parts))}
${prefix}${names.token}=${value(parts.token)}
${prefix}UNLEASH_APP_NAME=${applicationName(parts.name)}
`;
  },
} as const satisfies CopyFormat;

/**
 * Bare where it may be. Next.js puts other variables in for `$`, in every kind of quotes, but for one after a `\`; and no
 * mark can stand inside the quotes that it makes, so that they are chosen by what is inside.
 */
function value(text: string): string {
  if (/^[A-Za-z0-9_.:/@%+,=*~[\]-]+$/.test(text)) return text;
  const quote = ["'", '`', '"'].find((mark) => !text.includes(mark)) ?? "'";
  return `${quote}${text.replaceAll('$', '\\$')}${quote}`;
}
