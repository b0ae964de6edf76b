export function buildExtension(options: {
  target: 'chromium' | 'firefox';
  e2e?: boolean;
}): Promise<string>;
