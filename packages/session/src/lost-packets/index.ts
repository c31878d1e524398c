/** Lost packets: kept for other members, missed, asked for and answered. docs/lost-packets.md tells how. */
export { sendChoice } from "./choice-packets.js";
export { closePastEpoch, followRepairEpoch } from "./epochs.js";
export { logPacket } from "./log.js";
export { departFrom } from "./moved.js";
export { noteOpened } from "./note-opened.js";
export { receiveRepair } from "./receive-repair.js";
export { repairTimer } from "./repair-timers.js";
export { hastenReports, sendReport } from "./reports.js";
export { awaitsPastEpoch, requestPackets } from "./requests.js";
