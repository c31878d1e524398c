import type { MlsChange, MlsGroup, MlsService, OwnCandidate } from "@demls/mls";
import {
  decodeAppMessage,
  decodeRepairMessage,
  decodeRepairPacket,
  decodeSignedRepairMessage,
  encodeAppMessage,
  encodeRepairMessage,
  encodeRepairPacket,
  encodeSignedRepairMessage,
  type AppMessage,
  type Proposal,
  type RepairMessage,
} from "@demls/wire";
import { bytesToHex, concatBytes, hexToBytes } from "@demls/wire/core";
import type { SeededRandom } from "@demls/testkit";

const LABEL = "demls repair";
const KEY_BYTES = 16;
const NONCE_BYTES = 12;
/** Bytes of the group id with which a key id begins. */
const GROUP_BYTES = 4;
/** Proposals that are remembered, the newest ones. */
const PROPOSALS = 16;

/** The keys of a member, for packets that its library would not send. Its library goes on beside them. */
export interface Puppet {
  /** MLS for its library, which shares generations with the puppet. */
  readonly mls: MlsService;
  /** Newest group; undefined before the first. */
  readonly group: MlsGroup | undefined;
  /** Newest proposals that it has received or sent. */
  readonly proposals: readonly Proposal[];
  /** Seals an application message. */
  seal(message: AppMessage): Promise<Uint8Array | undefined>;
  /** Signs and seals a repair message of the newest epoch, or the one of `keyId`. */
  repair(message: RepairMessage, keyId?: string): Promise<Uint8Array | undefined>;
  /** Reads a repair packet of an epoch that it was in, and its key id. */
  openRepair(
    payload: Uint8Array,
  ): Promise<{ readonly message: RepairMessage; readonly keyId: string } | undefined>;
  /** A candidate of its own, approved or not. */
  commit(changes: readonly MlsChange[]): Promise<OwnCandidate | undefined>;
  /** Another candidate with the changes of one that its library has made, by the hash of the latter in hex. */
  twinOf(hash: string): OwnCandidate | undefined;
}

export function createPuppet(real: MlsService, random: SeededRandom): Puppet {
  let group: MlsGroup | undefined;
  const proposals: Proposal[] = [];
  const keys = new Map<
    string,
    { readonly key: Uint8Array; readonly leafIndex: number; readonly groupId: Uint8Array }
  >();
  const twins = new Map<string, OwnCandidate>();
  let keyId: string | undefined;

  /** The library's value, beyond the generations that were spent here. */
  async function fresh(its: MlsGroup): Promise<MlsGroup> {
    const isSame = group !== undefined && sameEpoch(group, its);
    return isSame && group !== undefined ? real.skipGenerations(its, real.generations(group)) : its;
  }

  function read(plaintext: Uint8Array): void {
    const message = decodeAppMessage(plaintext);
    if (!message.ok || message.value.kind !== "proposal") return;
    proposals.push(message.value.proposal);
    if (proposals.length > PROPOSALS) proposals.shift();
  }

  const mls: MlsService = {
    ...real,
    // The puppet keeps what its library forgets.
    wipe: () => undefined,
    async createGroup(...args) {
      group = await real.createGroup(...args);
      return group;
    },
    async seal(its, plaintext) {
      read(plaintext);
      const result = await real.seal(await fresh(its), plaintext);
      group = result.group;
      return result;
    },
    async open(its, message) {
      const result = await real.open(its, message);
      if (result.outcome.kind === "application") read(result.outcome.plaintext);
      return result;
    },
    async createCandidate(its, changes, options) {
      const result = await real.createCandidate(await fresh(its), changes, options);
      const twin = await real.createCandidate(result.group, changes, options);
      twins.set(bytesToHex(result.candidate.hash), twin.candidate);
      group = twin.group;
      return { group, candidate: result.candidate };
    },
    merge(its, staged) {
      group = real.merge(its, staged);
      return group;
    },
    async exportSecret(its, label, context, length) {
      const secret = await real.exportSecret(its, label, context, length);
      if (label === LABEL) {
        group = group !== undefined && sameEpoch(group, its) ? group : its;
        keyId = its.groupId.slice(0, 2 * GROUP_BYTES) + bytesToHex(secret.subarray(KEY_BYTES));
        keys.set(keyId, {
          ...{ key: secret.slice(0, KEY_BYTES), leafIndex: its.leafIndex },
          groupId: hexToBytes(its.groupId) ?? new Uint8Array(0),
        });
      }
      return secret;
    },
  };

  return {
    mls,
    get group() {
      return group;
    },
    proposals,
    async seal(message) {
      if (group === undefined) return undefined;
      const result = await real.seal(group, encodeAppMessage(message));
      group = result.group;
      return result.message;
    },
    async repair(message, of = keyId) {
      const id = hexToBytes(of ?? "");
      const known = keys.get(of ?? "");
      if (id === undefined || known === undefined) return undefined;
      if (group === undefined) return undefined;
      const body = encodeRepairMessage(message);
      const signature = await real.sign(group, LABEL, concatBytes(id, body));
      const nonce = random.bytes(NONCE_BYTES);
      const plaintext = encodeSignedRepairMessage({
        ...{ body, leafIndex: known.leafIndex, signature, laterKey: undefined },
      });
      const sealed = await real.sealWithKey(known.key, nonce, known.groupId, plaintext);
      return encodeRepairPacket({ keyId: id, nonce, sealed });
    },
    async openRepair(payload) {
      const packet = decodeRepairPacket(payload);
      if (!packet.ok) return undefined;
      const { nonce, sealed } = packet.value;
      const id = bytesToHex(packet.value.keyId);
      const known = keys.get(id);
      const plaintext = known && (await real.openWithKey(known.key, nonce, known.groupId, sealed));
      const signed = plaintext && decodeSignedRepairMessage(plaintext);
      const message = signed?.ok === true ? decodeRepairMessage(signed.value.body) : undefined;
      return message?.ok === true ? { message: message.value, keyId: id } : undefined;
    },
    async commit(changes) {
      if (group === undefined) return undefined;
      const result = await real.createCandidate(group, changes);
      group = result.group;
      return result.candidate;
    },
    twinOf: (hash) => twins.get(hash),
  };
}

function sameEpoch(a: MlsGroup, b: MlsGroup): boolean {
  return bytesToHex(a.epochAuthenticator) === bytesToHex(b.epochAuthenticator);
}
