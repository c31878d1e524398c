/** What a package's `src/` may import of the other packages, by specifier. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "@demls/wire": [],
  "@demls/mls": ["@demls/wire/core"],
  "@demls/steward": ["@demls/wire/core"],
  "@demls/scoring": ["@demls/wire/core"],
  "@demls/consensus": ["@demls/wire", "@demls/wire/core"],
  "@demls/transport-memory": ["@demls/wire", "@demls/wire/core"],
  "@demls/transport-gossipsub": ["@demls/wire/core"],
  "@demls/storage-memory": ["@demls/wire/core"],
  // Its fakes stand in for these layers, its contracts are of their plug-ins, and its network is the memory's.
  "@demls/testkit": [
    "@demls/wire",
    "@demls/wire/core",
    "@demls/mls",
    "@demls/consensus",
    "@demls/steward",
    "@demls/scoring",
    "@demls/transport-memory",
  ],
  "@demls/session": [
    "@demls/wire",
    "@demls/wire/core",
    "@demls/mls",
    "@demls/consensus",
    "@demls/steward",
    "@demls/scoring",
  ],
  demls: [
    "@demls/wire",
    "@demls/wire/core",
    "@demls/mls",
    "@demls/consensus",
    "@demls/steward",
    "@demls/scoring",
    "@demls/session",
    "@demls/session/step",
    "@demls/session/trace",
    "@demls/storage-memory",
    "@demls/transport-memory",
  ],
  // The demo is a simulation: its choices repeat for the same seed.
  "@demls/cli": [
    "@demls/wire",
    "@demls/wire/core",
    "@demls/testkit",
    "demls",
    "demls/trace",
    "@demls/transport-gossipsub",
    "@demls/transport-gossipsub/node",
  ],
};

/** Packages whose `src/` may import RxJS: those that tell of changes to applications. Plug-ins need no more than `subscribe`. */
export const WITH_RXJS: readonly string[] = [
  "@demls/session",
  "demls",
  "@demls/cli",
  "@demls/transport-gossipsub",
];

/**
 * Exports that are a default implementation of a plug-in point. Session imports the plug-ins'
 * interfaces and their pure functions; which implementation runs is its caller's choice.
 */
export const DEFAULT_IMPLEMENTATIONS: Readonly<Record<string, readonly string[]>> = {
  "@demls/mls": ["createMlsService"],
  "@demls/steward": ["createDeterministicStewardList"],
  "@demls/scoring": ["createMapScoreStorage", "createPeerScoring"],
  "@demls/consensus": [
    "canonicalEthereumVerifier",
    "createConsensusEventBus",
    "createConsensusService",
    "createEthereumSigner",
    "createHashgraphConsensus",
    "createMemoryConsensusStorage",
    "createStoredConsensusStorage",
    "ethereumVerifier",
  ],
};

/** Packages that import no default implementation. */
export const INTERFACES_ONLY: readonly string[] = ["@demls/session", "@demls/testkit"];

/**
 * Development dependencies that the build puts into the package, each with the one file that may import it: what
 * is published asks for none of them.
 */
export const BUNDLED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "@demls/mls": { "ts-mls": "src/ts-mls.ts" },
};

/** Dependencies that nothing imports, and why they are there all the same. */
export const NOT_IMPORTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
