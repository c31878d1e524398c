import { bytesEqual, bytesToHex, type MemberId } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { CIPHERSUITE } from "../crypto/ciphersuite.js";
import { parseMlsMessage } from "../framing/private-message.js";
import { groupFromState, type MlsGroup } from "../group/mls-group.js";
import { parseKeyPackage } from "../key-package/encoding.js";
import type { OwnKeyPackage } from "../key-package/key-package.js";
import { lifetimeRejectReason } from "../key-package/validation.js";
import { learntKeysMatchTree } from "../tree/path-keys.js";
import { leafIdentity, occupiedLeaves } from "../tree/ratchet-tree.js";
import { emptyPskIndex, joinGroup, type ClientState, type LeafNode, type Welcome } from "../ts-mls.js";
import { welcomeSigner } from "./welcome-signer.js";

/** Why a welcome for us could not be joined with. */
export type JoinRejectReason =
  /** Not an MLS welcome, or not one that ts-mls can read. */
  | "malformed"
  /** Another ciphersuite. */
  | "unsupported-suite"
  /** The group info, the tree or the confirmation tag doesn't verify. */
  | "invalid"
  /** A member's leaf, still the one of its key package, is outside its lifetime. */
  | "expired-member"
  /** The group is not one of de-MLS: its id is not UTF-8, or a credential is not a basic one. */
  | "not-de-mls";

/** What became of a welcome. */
export type JoinOutcome =
  | {
      readonly kind: "joined";
      readonly group: MlsGroup;
      /** Of the key package that it was joined with, which is spent now. */
      readonly reference: string;
      /** The member whose commit let us in: it signed what the welcome says of the group. */
      readonly admittedBy: MemberId;
    }
  /** It names none of the key packages given. */
  | { readonly kind: "notForUs" }
  | { readonly kind: "invalid"; readonly reason: JoinRejectReason };

/** See {@link MlsService.join}. */
export async function join(
  context: MlsContext,
  bytes: Uint8Array,
  keyPackages: readonly OwnKeyPackage[],
): Promise<JoinOutcome> {
  const message = parseMlsMessage(bytes);
  if (message?.wireformat !== "mls_welcome") return invalid("malformed");
  const { welcome } = message;
  const invited = new Set(welcome.secrets.map(({ newMember }) => bytesToHex(newMember)));
  const own = keyPackages.find(({ reference }) => invited.has(reference));
  if (own === undefined) return { kind: "notForUs" };
  if (welcome.cipherSuite !== CIPHERSUITE) return invalid("unsupported-suite");

  const state = await joinedState(context, welcome, own);
  if (state === undefined) return invalid("invalid");
  if (!lifetimesHold(state, context.nowSeconds())) return invalid("expired-member");
  const group = groupFromState(state);
  const admittedBy = await welcomeSigner(context, welcome, own, state);
  if (group === undefined || admittedBy === undefined) return invalid("not-de-mls");
  return { kind: "joined", group, reference: own.reference, admittedBy };
}

function invalid(reason: JoinRejectReason): JoinOutcome {
  return { kind: "invalid", reason };
}

async function joinedState(
  context: MlsContext,
  welcome: Welcome,
  own: OwnKeyPackage,
): Promise<ClientState | undefined> {
  const keyPackage = parseKeyPackage(own.bytes);
  if (keyPackage === undefined || !isOwn(context, keyPackage.leafNode)) return undefined;
  const privateKeys = {
    initPrivateKey: own.secrets.initPrivateKey,
    // A copy: the group goes on using it after the key package has been wiped.
    hpkePrivateKey: Uint8Array.from(own.secrets.leafPrivateKey),
    signaturePrivateKey: context.signaturePrivateKey,
  };
  try {
    const { suite, config } = context;
    const state = await joinGroup(
      welcome,
      keyPackage,
      privateKeys,
      emptyPskIndex,
      suite,
      undefined,
      undefined,
      config,
    );
    return (await learntKeysMatchTree(context, state, {})) ? state : undefined;
  } catch {
    return undefined;
  }
}

function isOwn(context: MlsContext, leaf: LeafNode): boolean {
  return (
    leafIdentity(leaf) === context.self && bytesEqual(leaf.signaturePublicKey, context.signaturePublicKey)
  );
}

/** RFC 9420 § 7.3 recommends it for leaves that are still those of their key packages; OpenMLS does it. */
function lifetimesHold(state: ClientState, nowSeconds: bigint): boolean {
  return occupiedLeaves(state).every(
    ({ leaf }) =>
      leaf.leafNodeSource !== "key_package" || lifetimeRejectReason(leaf.lifetime, nowSeconds) === undefined,
  );
}
