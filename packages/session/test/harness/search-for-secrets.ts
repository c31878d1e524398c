import { hexToBytes } from "@demls/wire/core";

/** Minimum length of every form, so that one look-up per position detects the start of a form. */
const LOOK_UP = 16;

/**
 * The given secrets (hex) that a text contains: as hex in either case, as base64 of either alphabet at any offset, or
 * as a list of numbers.
 */
export function secretsIn(text: string, secrets: Iterable<string>): readonly string[] {
  const forms = new Map<string, { readonly form: string; readonly secret: string }[]>();
  for (const secret of secrets) {
    for (const form of formsOf(secret)) {
      const start = form.slice(0, LOOK_UP);
      const others = forms.get(start) ?? [];
      forms.set(start, [...others, { form, secret }]);
    }
  }
  const found = new Set<string>();
  for (let at = 0; at <= text.length - LOOK_UP; at++) {
    for (const { form, secret } of forms.get(text.slice(at, at + LOOK_UP)) ?? []) {
      if (text.startsWith(form, at)) found.add(secret);
    }
  }
  return [...found];
}

function formsOf(secret: string): ReadonlySet<string> {
  const bytes = hexToBytes(secret);
  if (bytes === undefined || bytes.length < LOOK_UP) throw new Error("That is too short to be searched for.");
  const base64 = [0, 1, 2].map((before) => base64At(bytes, before));
  return new Set([
    secret,
    secret.toUpperCase(),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
    bytes.join(","),
    bytes.join(", "),
  ]);
}

/** The base64 digits that depend only on the secret if `before` bytes precede it. */
function base64At(bytes: Uint8Array, before: number): string {
  const padded = Buffer.concat([Buffer.alloc(before), bytes]);
  const first = Math.ceil((before * 8) / 6);
  const end = Math.floor((padded.length * 8) / 6);
  return padded.toString("base64").slice(first, end);
}
