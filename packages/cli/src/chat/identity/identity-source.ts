/** Where the user's key is. */
export type IdentitySource =
  /** A file that is made where there is none; `undefined`: the usual one. */
  | { readonly kind: "file"; readonly path: string | undefined }
  /** A file that holds the key in hex. */
  | { readonly kind: "keyFile"; readonly path: string }
  /** The environment variable {@link KEY_VARIABLE}. */
  | { readonly kind: "variable"; readonly hex: string };

/** Holds a key in hex, for those that keep it elsewhere. */
export const KEY_VARIABLE = "DEMLS_KEY";
