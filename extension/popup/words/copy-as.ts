/** What "Copy as…" says; the names of the formats stand with the formats. */
export const COPY_AS = {
  open: 'Copy as…',
  sdk: 'SDK set-up',
  back: 'Back',
  inForm: (format: string) => `In the form of ${format}.`,
} as const;
