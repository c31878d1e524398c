import {
  checksumAddress,
  createEthereumSigner,
  createHashgraphConsensus,
  ethereumVerifier,
  type ConsensusSigner,
  type EthereumSigner,
} from "@demls/consensus";
import { createMlsService, type MlsService } from "@demls/mls";
import { createPeerScoring, defaultScoreDeltas, defaultScoringConfig } from "@demls/scoring";
import {
  admitInvited,
  createUserFrom,
  defaultConversationConfig,
  storedSignatureKeyPair,
  type HistoryOption,
  type User,
  type UserPlugins,
} from "@demls/session";
import { createDeterministicStewardList, defaultStewardListConfig } from "@demls/steward";
import {
  DemlsError,
  requireTransport,
  type Clock,
  type RandomSource,
  type Storage,
  type Transport,
} from "@demls/wire/core";
import { platformClock } from "./platform-clock.js";
import { platformRandom } from "./platform-random.js";

/** Options of {@link createUser}. */
export interface CreateUserOptions {
  /**
   * The user's secp256k1 secret key, 32 bytes. It signs the votes, and its Ethereum address is the user's identity.
   * `createUser` copies it and wipes the copy when the user is closed or when the call fails. Pass either `key` or
   * `signer`; `key` is ignored if `signer` is given.
   */
  readonly key?: Uint8Array;
  /**
   * Signs the votes and once the identity statement instead of `key`, for example a wallet. Its identity is the user's
   * identity.
   */
  readonly signer?: ConsensusSigner;
  /** Carries packets between members. The caller closes it. */
  readonly transport: Transport;
  /**
   * Name that this user claims, at most 64 bytes of UTF-8 without control characters. It is not verified. Members of
   * strict conversations have it from the leaf, which keeps it as long as this user is a member; everyone on the network
   * can read it in a key package.
   *
   * @defaultValue the identity as an Ethereum address with its checksum
   */
  readonly display?: string;
  /** Time source and timers. @defaultValue the platform's clock */
  readonly clock?: Clock;
  /** Random source. Must be cryptographically strong outside tests. @defaultValue the platform's random source */
  readonly random?: RandomSource;
  /**
   * Storage of the user's state. A user created again with the same key and storage continues from the stored state.
   * The caller closes it. Its records contain secrets in plain text, but never `key`.
   *
   * @defaultValue no storage: the state is lost when the process ends
   */
  readonly storage?: Storage;
  /**
   * Which chat is kept in the storage, of this user and of others: `"none"`, `"all"`, that of the last `days`, or the
   * last `count` messages; for all conversations, or by a function of the name. What an earlier setting kept, and this
   * one does not, is deleted when the user is created. Kept messages are plain text that outlives its keys.
   *
   * @defaultValue `"none"`
   */
  readonly history?: HistoryOption;
  /** Layers and settings that replace individual defaults. */
  readonly plugins?: Partial<Omit<UserPlugins, "signer">>;
}

/**
 * Creates a user with the default layers of de-mls 3.0.0: hashgraph-like consensus with Ethereum signatures, MLS, the
 * deterministic steward list and peer scores.
 *
 * @throws DemlsError `missing-transport` if it is absent, or cannot publish and subscribe; `missing-key` without `key`
 * and `signer`; `missing-storage`, `invalid-history-setting`, `invalid-display`; `invalid-secret-key`, `identity-mismatch`, `invalid-identity`; `storage-in-use` if another user of this
 * process has the storage, `storage-newer` if a later release wrote it, `foreign-storage` if it contains another user,
 * `corrupt-storage` if it cannot be decoded.
 *
 * @example
 * ```ts
 * const network = createMemoryNetwork();
 * const alice = await createUser({ key: aliceKey, transport: network.join() });
 * const garden = await alice.createConversation("garden");
 * await garden.send("hello");
 * await alice.close();
 * ```
 */
export async function createUser(options: CreateUserOptions): Promise<User> {
  requireTransport((options as CreateUserOptions | undefined)?.transport);
  const { key, signer } = options;
  if (signer !== undefined) return assembleUser(options, signer);
  if (key === undefined) throw missingKey();
  const ownSigner = signerOf(key);
  try {
    return closingWith(await assembleUser(options, ownSigner), () => ownSigner.close());
  } catch (error) {
    ownSigner.close();
    throw error;
  }
}

async function assembleUser(options: CreateUserOptions, signer: ConsensusSigner): Promise<User> {
  const { transport, clock = platformClock, random = platformRandom, storage, history } = options;
  const plugins: UserPlugins = {
    consensus: createHashgraphConsensus(),
    verifier: ethereumVerifier,
    admission: admitInvited,
    stewards: createDeterministicStewardList(),
    scoring: createPeerScoring(),
    conversationConfig: defaultConversationConfig,
    stewardListConfig: defaultStewardListConfig,
    scoringConfig: defaultScoringConfig,
    scoreDeltas: defaultScoreDeltas,
    ...options.plugins,
    mls: options.plugins?.mls ?? (await createMls(signer.identity, { random, clock, storage })),
    signer,
  };
  const display = options.display ?? checksumAddress(signer.identity);
  return createUserFrom({
    ...{ plugins, display, transport, clock, random },
    ...(storage && { storage }),
    ...(history !== undefined && { history }),
  });
}

/** Creates the MLS service. A stored user keeps the signature key of its leaf nodes. */
async function createMls(
  identity: Uint8Array,
  { random, clock, storage }: { random: RandomSource; clock: Clock; storage: Storage | undefined },
): Promise<MlsService> {
  const signatureKeyPair = storage && (await storedSignatureKeyPair(storage));
  const wallMs = (): number => clock.wallMs();
  return createMlsService({ identity, random, wallMs, ...(signatureKeyPair && { signatureKeyPair }) });
}

/** Wraps a user so that closing it wipes its key. */
function closingWith(user: User, wipeKey: () => void): User {
  const close = async (): Promise<void> => {
    await user.close();
    wipeKey();
  };
  return { ...user, close, [Symbol.asyncDispose]: close };
}

/** @throws DemlsError `invalid-secret-key`, with the field renamed to `key`. */
function signerOf(key: Uint8Array): EthereumSigner {
  try {
    return createEthereumSigner(key);
  } catch (error) {
    if (!(error instanceof DemlsError)) throw error;
    const { code, message, remedy = "Pass 32 random bytes." } = error as DemlsError;
    throw new DemlsError(code, { message, field: "key", remedy });
  }
}

function missingKey(): DemlsError<"missing-key"> {
  return new DemlsError("missing-key", {
    message: "A user needs a key or a signer.",
    field: "key",
    remedy: "Pass `key`, 32 random bytes stored for the next start, or `signer`.",
  });
}
