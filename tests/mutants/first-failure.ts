import fc from "fast-check";

// A mutant is noticed once a property fails: a smaller example of it is not looked for, which takes up to a minute.
fc.configureGlobal({ endOnFailure: true });
