/** Source of the user's key. */
export type IdentitySource =
  /** A file, created if missing; `undefined` for the default path. */
  | { readonly kind: "file"; readonly path: string | undefined }
  /** A file with the key in hex. */
  | { readonly kind: "keyFile"; readonly path: string }
  /** The environment variable {@link KEY_VARIABLE}. */
  | { readonly kind: "variable"; readonly hex: string };

/** Environment variable for a key in hex. */
export const KEY_VARIABLE = "DEMLS_KEY";
