//! The program itself, started as a person starts it. Processes are looked for in `/proc`, which only Linux has.

#[cfg(test)]
#[cfg(target_os = "linux")]
mod ends;
