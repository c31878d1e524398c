import { CALM } from "../world/world.js";
import type { Fault } from "./fault.js";

/** Every route loses a share of its packets. */
export const loss: Fault = ({ network }, _random, _forMs, settings) => {
  network.setConditions({ ...CALM, loss: settings.loss });
  return () => network.setConditions(CALM);
};
