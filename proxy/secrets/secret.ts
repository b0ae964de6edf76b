/** What is kept beside a PAT; `origin` binds it to the base URL that it was stored for. */
export type StoredSecret = {
  secret: string;
  id: number | null;
  expiresAt: string | null;
  owner: string | null;
  origin: string;
};

/**
 * The answer to "give me this profile's PAT". `unavailable` carries a sentence for a person that ends with what to
 * type; it never carries the secret or a part of it.
 */
export type SecretResult =
  | { ok: true; secret: StoredSecret }
  /**
   * `absent`: there is nothing yet where it is read from. `said`: what a foreign program said of it, tokens masked:
   * for the person who runs the proxy, never for who sends requests through it. `forOwner`: so are message and hint,
   * which name commands and files of the owner's.
   */
  | {
      ok: false;
      message: string;
      hint: string;
      absent?: boolean;
      said?: string;
      forOwner?: boolean;
    };

/** Reads the PAT of one profile at the time of use. */
export type SecretReader = () => SecretResult | Promise<SecretResult>;
