/** Headers that speak of one connection alone (RFC 9110 §7.6.1, and names from before it): none goes on to the next. */
export const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
] as const;
