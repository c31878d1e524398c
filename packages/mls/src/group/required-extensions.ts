import {
  decodeRequiredCapabilities,
  encodeRequiredCapabilities,
  type Extension,
  type RequiredCapabilities,
} from "../ts-mls.js";

/** Group context extensions of a new group that requires these extension types of every member. */
export function groupContextExtensions(extensionTypes: readonly number[]): Extension[] {
  if (extensionTypes.length === 0) return [];
  const required = { extensionTypes: [...extensionTypes], proposalTypes: [], credentialTypes: [] };
  return [{ extensionType: "required_capabilities", extensionData: encodeRequiredCapabilities(required) }];
}

/** The required_capabilities extension of a group context (RFC 9420 § 11.1); `undefined` when it has none. */
export function requiredCapabilities(extensions: readonly Extension[]): RequiredCapabilities | undefined {
  const extension = extensions.find((candidate) => candidate.extensionType === "required_capabilities");
  return extension && decodeRequiredCapabilities(extension.extensionData, 0)?.[0];
}
