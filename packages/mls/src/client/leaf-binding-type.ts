/**
 * Private-use extension type (RFC 9420 § 17.3) of the leaves of this project: see {@link LeafBinding}. Leaves of de-mls
 * 3.0.0 lack it, and its members ignore it in others.
 */
export const LEAF_BINDING = 0xf0df;
