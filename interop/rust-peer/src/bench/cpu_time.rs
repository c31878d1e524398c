//! CPU time of this process, and medians of measurements.

/// CPU milliseconds that this process has used, all its threads together.
pub fn cpu_ms() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a timespec that lives until the call has returned.
    let status = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    assert_eq!(status, 0, "every system of ours has this clock");
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Result of `act`, and its CPU milliseconds.
pub fn timed<T>(act: impl FnOnce() -> T) -> (T, f64) {
    let before = cpu_ms();
    let result = act();
    (result, cpu_ms() - before)
}

/// The median, on which a few interruptions have no effect.
pub fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}
