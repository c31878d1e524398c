//! Text of the crate's errors in replies and `error` lines.

use std::fmt::{Debug, Display};

/// The message, then the variants in brackets: a driver may match on either.
pub fn describe(error: impl Display + Debug) -> String {
    format!("{error} [{error:?}]")
}
