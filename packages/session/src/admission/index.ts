/** Joiners that commits have added: arrivals, spent key packages, welcomes and confirmations. */
export {
  keepAdmitted,
  keepArrivals,
  keepConfirmations,
  keepWelcome,
  spendEarlierKeyPackages,
  spendKeyPackages,
} from "./admission.js";
