export type TokenKind = 'backend' | 'frontend' | 'personal' | 'admin';

/** `field` marks the form field that the error belongs to; everything else is a note above the foot. */
export type Failure = {
  ok: false;
  code: string;
  title: string;
  message: string;
  field?: 'name' | 'projects' | 'environment' | 'expires';
  /** A value that would work in that field, offered as a link ("Use terraform-2026-11-2"). */
  suggestion?: string;
  loginUrl?: string;
};

/** A message that carries nothing. */
export type Nothing = Record<string, never>;
