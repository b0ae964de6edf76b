import { refuse } from '../../errors.ts';
import type { Step } from '../exchange.ts';

/** Far above what any client sends; Unleash itself sets none. */
export const MAX_HEADER_LINES = 100;

/**
 * First of all steps: Node 20 drops header lines beyond its own limit while its parser still acts on them, so a
 * hidden Transfer-Encoding would smuggle a second request (CVE-2026-58044). The server's own limit is off, so that
 * all lines are counted here.
 */
export const headerLines: Step = {
  name: 'header-lines',
  check({ lines }) {
    if (lines.length > 2 * MAX_HEADER_LINES)
      return refuse(
        'request.headers',
        `The request has more than ${MAX_HEADER_LINES} header lines.`,
      );
    return lines.some(isNameWithBlank)
      ? refuse('request.framing', 'A blank stands before the colon of a header line.')
      : null;
  },
  passedBy: () => `at most ${MAX_HEADER_LINES} header lines`,
};

/**
 * Node 20.19 lets a blank before the colon pass as a part of the name, so that no step knows the header by its name;
 * later ones refuse it themselves, as RFC 9112 §5.1 has it.
 */
function isNameWithBlank(text: string, at: number): boolean {
  if (at % 2 === 1) return false;
  const last = text.charCodeAt(text.length - 1);
  return last === 0x20 || last === 0x09;
}
