import { authorizationHeader } from './authorization-header.ts';
import { curl } from './curl.ts';
import { dotenv } from './dotenv.ts';
import { ghSecretSet } from './gh-secret-set.ts';
import { kubernetesSecret } from './kubernetes-secret.ts';
import type { CopyFacts, CopyFormat, CopyKind } from './mechanism/copy-format.ts';
import { isVisibleAscii } from './mechanism/quote.ts';
import { plain } from './plain.ts';
import { sdkDotnet } from './sdk-dotnet.ts';
import { sdkGo } from './sdk-go.ts';
import { sdkJava } from './sdk-java.ts';
import { sdkNextjs } from './sdk-nextjs.ts';
import { sdkNode } from './sdk-node.ts';
import { sdkPhp } from './sdk-php.ts';
import { sdkPython } from './sdk-python.ts';
import { sdkReact } from './sdk-react.ts';
import { sdkRuby } from './sdk-ruby.ts';
import { sdkRust } from './sdk-rust.ts';
import { terraformVariables } from './terraform-variables.ts';

export type { CopyFacts, CopyFormat, CopyKind } from './mechanism/copy-format.ts';

/** Every format, in the order of the menu. */
const FORMATS = [
  plain,
  authorizationHeader,
  dotenv,
  curl,
  sdkNode,
  sdkPython,
  sdkJava,
  sdkGo,
  sdkDotnet,
  sdkRuby,
  sdkPhp,
  sdkRust,
  sdkReact,
  sdkNextjs,
  kubernetesSecret,
  ghSecretSet,
  terraformVariables,
] as const;

export type CopyFormatId = (typeof FORMATS)[number]['id'];

type KnownFormat = CopyFormat & { id: CopyFormatId };

export const COPY_FORMATS: readonly KnownFormat[] = FORMATS;

export const COPY_FORMAT_IDS: readonly CopyFormatId[] = COPY_FORMATS.map(({ id }) => id);

/** The formats that make sense for a kind of token, in the order of the menu. */
export function formatsFor(kind: CopyKind): KnownFormat[] {
  return COPY_FORMATS.filter(({ kinds }) => kinds.includes(kind));
}

export type CopyText =
  | { ok: true; text: string }
  /** `token`, `address`: no format can carry it. `kind`: this format is not for this kind of token. */
  | { ok: false; problem: 'token' | 'address' | 'kind' };

/** A token in one of the formats: correct for its kind, and for the instance with its base path. */
export function copyText(token: string, facts: CopyFacts, id: CopyFormatId): CopyText {
  const format = formatsFor(facts.kind).find((one) => one.id === id);
  if (format === undefined) return { ok: false, problem: 'kind' };
  // In a header, a line break would begin another header; no token of Unleash's has anything of the kind.
  if (!isVisibleAscii(token)) return { ok: false, problem: 'token' };
  const baseUrl = asciiBaseUrl(facts.baseUrl);
  if (baseUrl === null) return { ok: false, problem: 'address' };
  const { kind, name } = facts;
  return { ok: true, text: format.write({ token, baseUrl, kind, name }) };
}

/** As the URL standard writes it: visible ASCII, without a slash at its end. Null for what is no base URL. */
function asciiBaseUrl(text: string): string | null {
  const url = parsed(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  if (url.username || url.password || url.search || url.hash) return null;
  const baseUrl = (url.origin + url.pathname).replace(/\/+$/, '');
  return isVisibleAscii(baseUrl) ? baseUrl : null;
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
