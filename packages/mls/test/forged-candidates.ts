import { platformPrimitives } from "#crypto-primitives";
import {
  createCommit,
  createProposal,
  emptyPskIndex,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  processPrivateMessage,
  type Capabilities,
  type CiphersuiteImpl,
  type ClientState,
  type Extension,
  type KeyPackage,
  type Lifetime,
  type Proposal,
} from "ts-mls";
import { ownCapabilities, ownLifetime } from "../src/client/client-config.js";
import { createCiphersuite } from "../src/crypto/ciphersuite.js";
import { RECORDED_MS, seededRandom } from "./group-members.js";

const random = seededRandom("malice");

/** Ciphersuite without the service, for malicious members. */
export const suite: CiphersuiteImpl = createCiphersuite(await platformPrimitives(), random);

/** Deviations from a valid key package. */
export interface KeyPackageTwist {
  readonly capabilities?: Partial<Capabilities>;
  readonly lifetime?: Lifetime;
  readonly extensions?: Extension[];
  readonly leafExtensions?: Extension[];
  /** Init key whose private half belongs to another member. */
  readonly initPublicKey?: Uint8Array;
}

/** Correctly signed key package with any content. */
export async function twistedKeyPackage(identity: string, twist: KeyPackageTwist = {}): Promise<KeyPackage> {
  const { publicPackage } = await generateKeyPackageWithKey(
    { credentialType: "basic", identity: new TextEncoder().encode(identity) },
    { ...ownCapabilities(), ...twist.capabilities },
    twist.lifetime ?? ownLifetime(BigInt(RECORDED_MS / 1000)),
    twist.extensions ?? [],
    await suite.signature.keygen(),
    twist.initPublicKey === undefined ? suite : suiteWithInitKey(twist.initPublicKey),
    twist.leafExtensions ?? [],
  );
  return publicPackage;
}

/** The init key is the first key pair that ts-mls generates for a key package. */
function suiteWithInitKey(initPublicKey: Uint8Array): CiphersuiteImpl {
  let calls = 0;
  const generateKeyPair = async () => {
    const pair = await suite.hpke.generateKeyPair();
    return calls++ === 0 ? { ...pair, publicKey: await suite.hpke.importPublicKey(initPublicKey) } : pair;
  };
  return { ...suite, hpke: { ...suite.hpke, generateKeyPair } };
}

/** Messages of a candidate. */
export interface RawCandidate {
  readonly proposals: Uint8Array[];
  readonly commit: Uint8Array;
}

/**
 * Candidate made with ts-mls alone, without this package's checks.
 *
 * @param hidden proposals inside the commit, which are not bundled.
 */
export async function rawCandidate(
  state: ClientState,
  proposals: readonly Proposal[],
  committing: CiphersuiteImpl = suite,
  hidden: readonly Proposal[] = [],
): Promise<RawCandidate> {
  let branch = state;
  const messages: Uint8Array[] = [];
  for (const proposal of proposals) {
    const { newState, message } = await createProposal(branch, false, proposal, committing);
    branch = newState;
    messages.push(encodeMlsMessage(message));
  }
  const { commit } = await createCommit(
    { state: branch, cipherSuite: committing },
    { ratchetTreeExtension: true, extraProposals: [...hidden] },
  );
  return { proposals: messages, commit: encodeMlsMessage(commit) };
}

/** Commit to another member's proposals, signed by that member. */
export async function borrowingCandidate(
  committer: ClientState,
  proposer: ClientState,
  proposal: Proposal,
): Promise<RawCandidate> {
  const { message } = await createProposal(proposer, false, proposal, suite);
  if (message.wireformat !== "mls_private_message") throw new Error("unreachable");
  const received = await processPrivateMessage(committer, message.privateMessage, emptyPskIndex, suite);
  const { commit } = await createCommit(
    { state: received.newState, cipherSuite: suite },
    { ratchetTreeExtension: true },
  );
  return { proposals: [encodeMlsMessage(message)], commit: encodeMlsMessage(commit) };
}

/** An Add of a key package. */
export function add(keyPackage: KeyPackage): Proposal {
  return { proposalType: "add", add: { keyPackage } };
}
