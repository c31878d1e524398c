/** A thread that plays lives: it gets their options, and answers each with its report. */
import { parentPort } from "node:worker_threads";
import { live, type LifeOptions } from "../life/life.js";
import { strayErrors } from "./stray-errors.js";

const port = parentPort;
if (port === null) throw new Error("This module is for a thread.");
const strays = strayErrors();

port.on("message", (options: LifeOptions) => {
  void live(options).then((report) =>
    port.postMessage({ ...report, violations: [...report.violations, ...strays.take()] }),
  );
});
