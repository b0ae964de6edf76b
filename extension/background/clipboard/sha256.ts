/** SHA-256 of a text's UTF-8, in hex. A token has some 220 random bits, so that its plain hash gives nothing away. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
