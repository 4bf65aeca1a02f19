//! The side effects: the loop, the terminal, signals, the clock, the log file.
