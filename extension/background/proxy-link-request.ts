/** One POST to the control port, and what can become of it. */
export type Reply =
  | { reached: true; status: number; header(name: string): string | null; body: string }
  /** Nothing answers on the port, or not in time. */
  | { reached: false; reason: 'nobody' | 'slow' }
  /** Something answers, but not to us: it gave no CORS answer for this extension. */
  | { reached: false; reason: 'closed' };

export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

const ANSWER_TIMEOUT_MS = 10_000;
/** Characters of one answer; whoever sits on the port may send without end. */
const ANSWER_LIMIT = 1024 * 1024;

export const addressOf = (port: number): string => `127.0.0.1:${port}`;

async function readLimited(response: Response): Promise<string | null> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > ANSWER_LIMIT) {
      await reader.cancel();
      return null;
    }
  }
}

/**
 * A browser gives the same error for a port where nobody listens and for an answer without CORS. A request whose
 * answer nobody may read tells them apart. It carries nothing; `no-cors` knows no other `redirect` than the default.
 */
async function somebodyListens(fetch: Fetch, port: number): Promise<boolean> {
  try {
    await fetch(`http://${addressOf(port)}/healthz`, {
      mode: 'no-cors',
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    return true;
  } catch {
    return false;
  }
}

export async function postToProxy(
  fetch: Fetch,
  port: number,
  path: string,
  message: { headers: Record<string, string>; body: string },
): Promise<Reply> {
  try {
    const response = await fetch(`http://${addressOf(port)}${path}`, {
      method: 'POST',
      headers: { ...message.headers, 'content-type': 'application/json' },
      body: message.body,
      mode: 'cors',
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const body = await readLimited(response);
    if (body === null) return { reached: false, reason: 'closed' };
    const { status, headers } = response;
    return { reached: true, status, header: (name) => headers.get(name), body };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') {
      return { reached: false, reason: 'slow' };
    }
    const listens = await somebodyListens(fetch, port);
    return { reached: false, reason: listens ? 'closed' : 'nobody' };
  }
}
