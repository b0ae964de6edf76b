import { programUrl, variableNames } from './mechanism/addresses.ts';
import { type CopyFormat, EVERY_KIND } from './mechanism/copy-format.ts';
import { hclQuoted } from './mechanism/quote.ts';

/** A `.tfvars` file, in the form that `terraform fmt` gives it. */
export const terraformVariables = {
  id: 'terraform-variables',
  label: 'Terraform variables',
  kinds: EVERY_KIND,
  write(parts) {
    const names = variableNames(parts);
    const values: [string, string][] = [
      [names.url.toLowerCase(), programUrl(parts)],
      [names.token.toLowerCase(), parts.token],
    ];
    const width = Math.max(...values.map(([name]) => name.length));
    return values.map(([name, value]) => `${name.padEnd(width)} = ${hclQuoted(value)}\n`).join('');
  },
} as const satisfies CopyFormat;
