import {
  acceptAll,
  createApplicationMessage,
  createCommit,
  createGroup,
  createProposal,
  decodeMlsMessage,
  defaultCapabilities,
  defaultLifetime,
  emptyPskIndex,
  encodeMlsMessage,
  generateKeyPackage,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  joinGroup,
  processMessage,
  type CiphersuiteImpl,
  type ClientState,
  type KeyPackage,
  type MLSMessage,
  type PrivateKeyPackage,
  type Proposal,
} from "ts-mls";
import { utf8ToBytes } from "@demls/wire/core";

/** Plain ts-mls with its default crypto provider, the baseline of @demls/mls. */
export interface BareTsMls {
  keyPackage(name: string): Promise<BareKeyPackage>;
  create(founder: BareKeyPackage): Promise<ClientState>;
  /** Proposes all changes, and commits them. */
  add(state: ClientState, joiners: readonly BareKeyPackage[]): Promise<BareCommit>;
  process(state: ClientState, commit: BareCommit): Promise<ClientState>;
  join(welcome: Uint8Array, joiner: BareKeyPackage): Promise<ClientState>;
  seal(state: ClientState, plaintext: Uint8Array): Promise<{ state: ClientState; message: Uint8Array }>;
  open(state: ClientState, message: Uint8Array): Promise<ClientState>;
}

export interface BareKeyPackage {
  readonly publicPackage: KeyPackage;
  readonly privatePackage: PrivateKeyPackage;
}

export interface BareCommit {
  readonly next: ClientState;
  readonly proposals: readonly Uint8Array[];
  readonly commit: Uint8Array;
  readonly welcome: Uint8Array;
}

export async function bareTsMls(): Promise<BareTsMls> {
  const suite = await getCiphersuiteImpl(
    getCiphersuiteFromName("MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519"),
  );
  return {
    keyPackage: (name) =>
      generateKeyPackage(
        { credentialType: "basic", identity: utf8ToBytes(name) },
        defaultCapabilities(),
        defaultLifetime,
        [],
        suite,
      ),
    create: ({ publicPackage, privatePackage }) =>
      createGroup(utf8ToBytes("garden"), publicPackage, privatePackage, [], suite),
    add: (state, joiners) => add(suite, state, joiners),
    async process(state, { proposals, commit }) {
      let reached = state;
      for (const bytes of [...proposals, commit]) reached = await process(suite, reached, bytes);
      return reached;
    },
    join: (welcome, joiner) => join(suite, welcome, joiner),
    async seal(state, plaintext) {
      const { newState, privateMessage } = await createApplicationMessage(state, plaintext, suite);
      const message: MLSMessage = { version: "mls10", wireformat: "mls_private_message", privateMessage };
      return { state: newState, message: encodeMlsMessage(message) };
    },
    open: (state, message) => process(suite, state, message),
  };
}

async function add(
  suite: CiphersuiteImpl,
  state: ClientState,
  joiners: readonly BareKeyPackage[],
): Promise<BareCommit> {
  let branch = state;
  const proposals: Uint8Array[] = [];
  for (const { publicPackage } of joiners) {
    const proposal: Proposal = { proposalType: "add", add: { keyPackage: publicPackage } };
    const { newState, message } = await createProposal(branch, false, proposal, suite);
    branch = newState;
    proposals.push(encodeMlsMessage(message));
  }
  const made = await createCommit({ state: branch, cipherSuite: suite }, { ratchetTreeExtension: true });
  if (made.welcome === undefined) throw new Error("A commit that adds has a welcome.");
  return {
    next: made.newState,
    proposals,
    commit: encodeMlsMessage(made.commit),
    welcome: encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome: made.welcome }),
  };
}

async function process(suite: CiphersuiteImpl, state: ClientState, bytes: Uint8Array): Promise<ClientState> {
  const message = decoded(bytes);
  if (message.wireformat !== "mls_private_message") throw new Error("Not a private message.");
  return (await processMessage(message, state, emptyPskIndex, acceptAll, suite)).newState;
}

async function join(
  suite: CiphersuiteImpl,
  welcome: Uint8Array,
  { publicPackage, privatePackage }: BareKeyPackage,
): Promise<ClientState> {
  const message = decoded(welcome);
  if (message.wireformat !== "mls_welcome") throw new Error("Not a welcome.");
  return joinGroup(message.welcome, publicPackage, privatePackage, emptyPskIndex, suite);
}

function decoded(bytes: Uint8Array): MLSMessage {
  const message = decodeMlsMessage(bytes, 0)?.[0];
  if (message === undefined) throw new Error("Not an MLS message.");
  return message;
}
