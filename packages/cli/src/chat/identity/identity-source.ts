/** Source of the user's key. */
export type IdentitySource =
  /** A profile of the data folder, made if it is missing. */
  | { readonly kind: "profile"; readonly name: string }
  /** A file, created if missing. */
  | { readonly kind: "file"; readonly path: string }
  /** A file with the key in hex. */
  | { readonly kind: "keyFile"; readonly path: string }
  /** The environment variable {@link KEY_VARIABLE}. */
  | { readonly kind: "variable"; readonly hex: string };

/** A key that the user has given, in place of a profile's. */
export type GivenKeySource = Exclude<IdentitySource, { readonly kind: "profile" }>;

/** Environment variable for a key in hex. */
export const KEY_VARIABLE = "DEMLS_KEY";
