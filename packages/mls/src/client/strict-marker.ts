/**
 * Private-use extension type (RFC 9420 § 17.3) that marks members running this project. Each of their leaves lists it
 * in its capabilities; no leaf of de-mls 3.0.0 does. A group that requires it excludes de-mls 3.0.0 by MLS's own rules.
 * In the context of such a group, the extension holds the conversation's name, and the group id is random.
 */
export const STRICT_MARKER = 0xf0de;
