/**
 * The private-use extension type (RFC 9420 § 17.3) that marks members of this project: every leaf of theirs lists it in
 * its capabilities, and no leaf of de-mls 3.0.0 does. A group that requires it keeps those out by MLS's own means.
 */
export const STRICT_MARKER = 0xf0de;
