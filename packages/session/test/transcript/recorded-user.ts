import { createEthereumSigner, ethereumVerifier } from "@demls/consensus";
import { createMlsService, type MlsService, type OwnKeyPackage } from "@demls/mls";
import { stewardListConfig } from "@demls/steward";
import { createSeededRandom } from "@demls/testkit";
import { decodeWelcomeMessage } from "@demls/wire";
import type { Clock, Transport } from "@demls/wire/core";
import { configOf, defaultLayers, stewardBoundsOf } from "../harness/index.js";
import { readSignatureKeyPair, readStoredKeyPackage } from "../../../../vectors/openmls-storage.js";
import { conversationConfig, createUserFrom, type User } from "../../src/index.js";
import { recordedRandom } from "./recorded-random.js";
import { asPacket, bytes, packetOf, type Recording, type ReplayedName } from "./recording.js";

/** MLS service of a recorded member: its signature key, and its recorded key package. */
export async function recordedMls(
  recording: Recording,
  name: ReplayedName,
  wallMs: () => number,
): Promise<MlsService> {
  const mls = await createMlsService({
    identity: bytes(recording.users[name].identity),
    random: createSeededRandom(name),
    wallMs,
    signatureKeyPair: readSignatureKeyPair(recording.secrets[`${name}_before_welcome`].signature_key_pair),
  });
  return { ...mls, generateKeyPackage: async () => recordedKeyPackage(recording, name) };
}

/** The announced key package of a member, with its private keys. */
export function recordedKeyPackage(recording: Recording, name: ReplayedName): OwnKeyPackage {
  const announced = decodeWelcomeMessage(asPacket(packetOf(recording, { user: name, seq: 1 })).payload);
  if (!announced.ok || announced.value.kind !== "user_key_package") throw new Error("It announced none.");
  const { mls_storage, signature_key_pair } = recording.secrets[`${name}_before_welcome`];
  const stored = readStoredKeyPackage(mls_storage, announced.value.keyPackageBytes);
  const { privateKey: signaturePrivateKey } = readSignatureKeyPair(signature_key_pair);
  return { ...stored, secrets: { ...stored.secrets, signaturePrivateKey } };
}

/** A user with a recorded member's keys, settings and random values. */
export function recordedUser(
  recording: Recording,
  name: ReplayedName,
  ports: { readonly mls: MlsService; readonly transport: Transport; readonly clock: Clock },
): Promise<User> {
  const { config, users, packets } = recording;
  const { mls, transport, clock } = ports;
  const signer = createEthereumSigner(bytes(users[name].secret_key_hex));
  return createUserFrom({
    display: users[name].display,
    plugins: {
      mls,
      ...defaultLayers,
      signer,
      verifier: ethereumVerifier,
      // 3.0.0 has no quiet time after a commit.
      conversationConfig: conversationConfig({ ...configOf(config), quietAfterCommitMs: 0 }),
      stewardListConfig: stewardListConfig(stewardBoundsOf(config)),
    },
    transport,
    clock,
    random: recordedRandom(packets.filter(({ sender }) => sender === name)),
  });
}
