import {
  decodeRequiredCapabilities,
  encodeRequiredCapabilities,
  type Capabilities,
  type Extension,
} from "../ts-mls.js";

/**
 * The private-use extension type (RFC 9420 § 17.3) that marks members of this project.
 *
 * Every leaf of ours lists it in its capabilities; a strict group's context requires it, so that MLS
 * itself refuses a de-mls 3.0.0 key package.
 */
export const STRICT_MARKER = 0xf0de;

/** Whether a leaf with these capabilities may be a member of a strict group. */
export function listsStrictMarker(capabilities: Capabilities): boolean {
  return capabilities.extensions.includes(STRICT_MARKER);
}

/** The group context extensions of a new group. */
export function groupContextExtensions(strict: boolean): Extension[] {
  if (!strict) return [];
  const required = { extensionTypes: [STRICT_MARKER], proposalTypes: [], credentialTypes: [] };
  return [{ extensionType: "required_capabilities", extensionData: encodeRequiredCapabilities(required) }];
}

/** Whether a group context with these extensions requires the marker of every member. */
export function requiresStrictMarker(extensions: readonly Extension[]): boolean {
  const required = extensions.find((extension) => extension.extensionType === "required_capabilities");
  if (required === undefined) return false;
  const decoded = decodeRequiredCapabilities(required.extensionData, 0);
  return decoded?.[0].extensionTypes.includes(STRICT_MARKER) ?? false;
}
