/**
 * The harness runs members in two ways with the same functions. In a **world** members are state values, and a test
 * runs each step and delivers each packet. In a **scene** they are users with drivers on one network. Both use virtual
 * time, and real cryptography unless their options ask for fakes.
 *
 * {@link gather}, {@link enter}, {@link settle}, {@link advance} and {@link until} work on both, and so do the views
 * ({@link eventsOf}, {@link textsOf}). Commands are functions in a world ({@link propose}, {@link vote}, {@link send},
 * {@link ban}, {@link leave}) and methods of the conversation in a scene.
 */
export * from "./accusations.js";
export * from "./agreement.js";
export * from "./approve.js";
export * from "./bounds.js";
export * from "./commands.js";
export * from "./deep-freeze.js";
export * from "./encode-state.js";
export * from "./expect-mistake.js";
export * from "./forgery.js";
export * from "./gather.js";
export * from "./layers.js";
export * from "./members.js";
export * from "./mls-header.js";
export * from "./moody-network.js";
export * from "./note-secrets.js";
export * from "./platform-date.js";
export * from "./recorded-config.js";
export * from "./scene.js";
export * from "./search-for-secrets.js";
export * from "./state.js";
export * from "./strangers.js";
export * from "./syncs.js";
export * from "./unhurried.js";
export * from "./verbs.js";
export * from "./views.js";
export * from "./votes.js";
export * from "./world.js";
