//! The processes that are started here. Each leads a process group of its own and is written down in `target/processes/`, so that the
//! end of a run finds all of them, and the next start finds what a killed run has left behind.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::Problem;
use crate::python::target;

/// What runs now, by process id; `None` once everything was ended, after which nothing more is started.
static RUNNING: Mutex<Option<BTreeSet<u32>>> = Mutex::new(Some(BTreeSet::new()));

/// A process that is written down. Dropping it crosses it out, but does not end it.
#[derive(Debug)]
pub(crate) struct Registered {
    process: u32,
}

/// Starts `command` as the leader of a group of its own.
pub(crate) fn spawn(command: &mut Command) -> io::Result<(Child, Registered)> {
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(running) = running.as_mut() else {
        return Err(io::Error::new(io::ErrorKind::Interrupted, "this run is ending"));
    };
    let child = command.process_group(0).spawn()?;
    let process = child.id();
    running.insert(process);
    let registered = Registered { process };
    let note = format!("{}\n{}\n", named(std::process::id()), named(process));
    std::fs::create_dir_all(folder()).and_then(|()| std::fs::write(file(process), note))?;
    Ok((child, registered))
}

/// Runs `command` to its end, with what it wrote; its standard input is empty.
///
/// # Errors
/// What the system says, among it that everything is being ended.
pub fn output(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (child, _registered) = spawn(command)?;
    child.wait_with_output()
}

/// Runs `command` to its end; its standard error is this process's own, so that a person sees how it gets on. Answers what it wrote to
/// its standard output.
///
/// # Errors
/// What the system says, among it that everything is being ended.
pub fn shown(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let (child, _registered) = spawn(command)?;
    child.wait_with_output()
}

/// Kills every process that was started here, with its group, and lets no other start: the last act of a run that was told to end.
pub fn end_all() {
    let all = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).take();
    for process in all.into_iter().flatten() {
        kill(process);
        cross_out(process);
    }
}

/// Kills what runs of dead owners have left behind; answers how many that were. A process whose id was given to another one meanwhile
/// is told by when it started.
///
/// # Errors
/// [`Problem::Files`].
pub fn reap() -> Result<usize, Problem> {
    let notes = match std::fs::read_dir(folder()) {
        Ok(notes) => notes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(Problem::files("read target/processes")(error)),
    };
    let mut reaped = 0;
    for path in notes.filter_map(|entry| Some(entry.ok()?.path())) {
        let Ok(note) = std::fs::read_to_string(&path) else { continue };
        let mut lines = note.lines();
        let (owner, child) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        if lives(owner).is_some() {
            continue;
        }
        if let Some(process) = lives(child) {
            kill(process);
            reaped += 1;
        }
        // Another start may have been faster.
        let _gone = std::fs::remove_file(&path);
    }
    Ok(reaped)
}

impl Drop for Registered {
    fn drop(&mut self) {
        if let Some(running) = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            running.remove(&self.process);
        }
        cross_out(self.process);
    }
}

fn folder() -> PathBuf {
    target().join("processes")
}

fn file(process: u32) -> PathBuf {
    folder().join(process.to_string())
}

fn cross_out(process: u32) {
    // Ending twice is no mistake.
    let _gone = std::fs::remove_file(file(process));
}

/// Kills the group that `process` leads. The shell's own command does it: the standard library has none, and no package is worth it.
fn kill(process: u32) {
    let script = format!("kill -s KILL -- -{process} 2>/dev/null || kill -s KILL {process} 2>/dev/null");
    let _already_gone = Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).status();
}

/// `<id> <when it started>`, which no other process ever is.
fn named(process: u32) -> String {
    format!("{process} {}", started(process).unwrap_or_default())
}

/// The process of that name, if it still runs.
fn lives(name: &str) -> Option<u32> {
    let (process, since) = name.split_once(' ')?;
    let process = process.parse().ok()?;
    started(process).filter(|now| now == since && !now.is_empty()).map(|_| process)
}

/// When a process started, in the system's own words; `None` for one that does not run.
fn started(process: u32) -> Option<String> {
    if Path::new("/proc/self/stat").exists() {
        // The name in parentheses may hold anything; behind it, state is the first field and the start in ticks the twentieth (proc(5)).
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        return (*fields.first()? != "Z").then(|| fields.get(19).map(|ticks| (*ticks).to_owned())).flatten();
    }
    let shown = Command::new("ps").args(["-o", "lstart=", "-p", &process.to_string()]).output().ok()?;
    Some(String::from_utf8_lossy(&shown.stdout).trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_when_it_started() {
        let (mut child, registered) = spawn(Command::new("sleep").arg("600")).unwrap();
        let name = named(child.id());
        assert_eq!(lives(&name), Some(child.id()));
        assert_eq!(lives(&format!("{} 1", child.id())), None, "another one with its id");
        assert!(file(child.id()).exists());
        kill(child.id());
        child.wait().unwrap();
        assert_eq!(lives(&name), None);
        drop(registered);
        assert!(!file(child.id()).exists());
    }

    #[test]
    fn only_orphans_are_reaped() {
        let mut owner = Command::new("sleep").arg("600").spawn().unwrap();
        let (mut orphan, _registered) = spawn(Command::new("sleep").arg("600")).unwrap();
        let process = orphan.id();
        let note = |owner: &str| std::fs::write(file(process), format!("{owner}\n{}\n", named(process)));
        note(&named(owner.id())).unwrap();
        reap().unwrap();
        assert!(orphan.try_wait().unwrap().is_none(), "its owner lives");
        owner.kill().unwrap();
        owner.wait().unwrap();
        note(&named(owner.id())).unwrap();
        reap().unwrap();
        assert!(!orphan.wait().unwrap().success(), "its owner is dead");
    }
}
