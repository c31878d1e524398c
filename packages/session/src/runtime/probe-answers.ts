import { createAnswerer, type Answerer } from "@demls/join";
import { JOIN_SUBTOPIC } from "@demls/wire/core";
import { memberKnowledge } from "../join/readiness.js";
import { isActive, type ConversationState } from "../model/state.js";
import { environmentOf, type DriverContext } from "./driver-context.js";
import { beginTransaction } from "../model/transaction.js";

/**
 * Answers the probes of joiners for one conversation of this user. Its state is not changed by them.
 *
 * @param stateOf - returns the current state of the conversation.
 */
export function createProbeAnswers(context: DriverContext, stateOf: () => ConversationState): Answerer {
  const { clock, plugins, leafKey, transport, appId } = context;
  return createAnswerer({
    ...{ clock, verifier: plugins.verifier },
    seal: (...parts) => leafKey.mls.hpkeSeal(...parts),
    knowledge() {
      const state = stateOf();
      return isActive(state) ? memberKnowledge(beginTransaction(state, environmentOf(context))) : undefined;
    },
    publish: (payload) =>
      transport.publish({ payload, subtopic: JOIN_SUBTOPIC, conversationId: stateOf().name, appId }),
  });
}
