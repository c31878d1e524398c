/** A thread that plays lives: it gets their options, and answers each with its outcome. */
import { parentPort } from "node:worker_threads";
import { play, type Task } from "./task.js";

const port = parentPort;
if (port === null) throw new Error("This module is for a thread.");

port.on("message", (task: Task) => {
  void play(task).then((outcome) => port.postMessage(outcome));
});
