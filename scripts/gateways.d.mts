export const GATEWAYS: readonly ['nginx', 'caddy'];
export function gatewayPath(name: string): string | null;
export function ensureGateways(): Promise<void>;
