//! The wall clock of a test, set to the time of the vectors.
//!
//! OpenMLS and the consensus check lifetimes and expirations by the system's clock, and accept no other
//! clock. A key package is valid for 84 days, a proposal for ten minutes. To run these checks on old vectors,
//! this program replaces its system clock.

use std::cell::Cell;

use libc::{CLOCK_REALTIME, SYS_clock_gettime, c_int, clockid_t, syscall, timespec};

thread_local! {
    /// Seconds since the Unix epoch; `None` for the system's clock.
    static WALL_SECONDS: Cell<Option<i64>> = const { Cell::new(None) };
}

/// Sets the wall clock of this thread. It stands still until it is set again.
pub fn set(seconds: i64) {
    WALL_SECONDS.set(Some(seconds));
}

/// Takes the place of libc's function of this name, which `SystemTime::now` calls.
///
/// # Safety
/// As for libc's: `time` is valid for a write.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(clock: clockid_t, time: *mut timespec) -> c_int {
    match WALL_SECONDS.get() {
        Some(tv_sec) if clock == CLOCK_REALTIME => {
            // SAFETY: the caller's promise.
            unsafe { time.write(timespec { tv_sec, tv_nsec: 0 }) };
            0
        }
        // SAFETY: the system call has the same arguments as the function.
        _ => unsafe { syscall(SYS_clock_gettime, clock, time) as c_int },
    }
}
