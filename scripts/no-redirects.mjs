// Stands in the built proxy for `follow-redirects`, which http-proxy loads at once and uses where it is told to follow
// redirects. The proxy never does, and need not load what could, nor what that loads (debug, assert).
export const http = undefined;
export const https = undefined;
