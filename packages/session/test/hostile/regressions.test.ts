import { knowingPlaces } from "../../../../hostile/regressions.js";
import { REGRESSIONS } from "./places.js";

knowingPlaces(REGRESSIONS, ["de-mls-3", "strict", "record", "storage", "trace line"]);
