/**
 * The harness: one vocabulary for two ways of running members. In a **world** members are values, driven step by
 * step: packets arrive as a test wants them to. In a **scene** they are users with drivers of their own on one
 * network. Both have real cryptography and virtual time.
 *
 * {@link gather}, {@link enter}, {@link settle}, {@link advance} and {@link until} work on both, and so do the views
 * ({@link eventsOf}, {@link textsOf}). In a world the members' own wishes are functions ({@link propose},
 * {@link vote}, {@link send}, {@link ban}, {@link leave}); in a scene they are methods of the conversation.
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
export * from "./scene.js";
export * from "./search-for-secrets.js";
export * from "./state.js";
export * from "./strangers.js";
export * from "./syncs.js";
export * from "./verbs.js";
export * from "./views.js";
export * from "./votes.js";
export * from "./world.js";
