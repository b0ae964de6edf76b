import type { Profile } from './profile.ts';

/** How a person gives a profile another token, by its source. ASCII on one line: it stands in headers too. */
export function newTokenHint({ name, source }: Profile): string {
  if (source.from === 'env')
    return `Put a new one into ${source.variable}, then: tokenleash stop, and tokenleash start`;
  if (source.from === 'file') return 'Put a new one into the file that it is read from';
  if (source.from === 'exec' || source.from === 'op' || source.from === 'systemd')
    return `Put a new one where it comes from (${source.from})`;
  const login = `tokenleash profile login ${name}`;
  return source.from === 'browser'
    ? `Make a new one in the browser and choose "Send to proxy", or type: ${login}`
    : `Give it a new one: ${login}`;
}
