//! How a run ends: whatever ends it, none of its processes outlives it; what a killed one leaves, the next one reaps.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A run that can be told from every other by its PATH, which all its processes inherit.
struct Run {
    child: Child,
    mark: String,
}

impl Run {
    fn start(mark: &str, arguments: &[&str]) -> Self {
        let mark = format!("/nowhere/{mark}-{}", std::process::id());
        let path = std::env::vars_os().find(|(name, _)| name == "PATH").map(|(_, value)| value).unwrap_or_default();
        let mut command = Command::new(env!("CARGO_BIN_EXE_local"));
        command.args(arguments).env("PATH", format!("{}:{mark}", path.to_string_lossy()));
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Self { child, mark }
    }

    /// Reads the progress until a line has `text`; what was read before is in the message when none has.
    fn until(&mut self, text: &str) {
        let mut seen = String::new();
        let mut lines = BufReader::new(self.child.stderr.as_mut().unwrap());
        while lines.read_line(&mut seen).unwrap() > 0 {
            if seen.lines().last().is_some_and(|line| line.contains(text)) {
                return;
            }
        }
        panic!("{text:?} never came:\n{seen}");
    }

    fn signal(&self, name: &str) {
        let process = self.child.id();
        assert!(Command::new("sh").args(["-c", &format!("kill -s {name} {process}")]).status().unwrap().success());
    }

    /// Processes of the run, and what they are.
    fn processes(&self) -> Vec<String> {
        let all = std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let is_ours = |process: &String| {
            let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
            String::from_utf8_lossy(&environment).contains(&self.mark)
        };
        let named = |process: String| {
            let command = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
            format!("{process} {}", String::from_utf8_lossy(&command).replace('\0', " "))
        };
        all.filter(is_ours).map(named).collect()
    }

    /// No process is left; a killed one may be seen for a moment longer.
    fn nothing_is_left(&self) {
        let since = Instant::now();
        while !self.processes().is_empty() {
            assert!(since.elapsed() < Duration::from_secs(5), "left behind: {:?}", self.processes());
            std::thread::yield_now();
        }
    }
}

#[test]
fn no_process_outlives_its_run() {
    // One while the template is deployed, one while everything is up.
    for (signal, moment, code) in [("INT", "deploying", 130), ("TERM", "stays up", 143)] {
        let mut run = Run::start(signal, &[]);
        run.until(moment);
        assert!(run.processes().len() > 1, "the emulator runs");
        run.signal(signal);
        assert_eq!(run.child.wait().unwrap().code(), Some(code), "{signal}");
        run.nothing_is_left();
    }

    // The emulator ends with the one who started it, even if that one had no time to say so.
    let mut killed = Run::start("KILL", &[]);
    killed.until("deploying");
    killed.signal("KILL");
    assert_eq!(killed.child.wait().unwrap().signal(), Some(9));

    let mut next = Run::start("once", &["--once", "--json"]);
    let mut printed = String::new();
    next.child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
    let mut said = String::new();
    next.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(next.child.wait().unwrap().success(), "{said}");
    killed.nothing_is_left();
    next.nothing_is_left();
    let report: Value = serde_json::from_str(&printed).expect("one object and nothing else on standard output");
    assert_eq!(report["orders"].as_array().map(Vec::len), Some(7), "{report}");
    let customers = report["customers"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(customers.len(), 4, "{report}");
    for customer in customers {
        let mut keys: Vec<&String> = customer.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["acumatica", "calls", "email_hash", "magento", "outcome"], "{report}");
    }
}

#[test]
fn a_taken_port_is_named() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    // As the port of AWS itself, of the shop and of the ERP.
    for base in [port, port - 1, port - 2] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_local")).args(["--once", "--port", &base.to_string()]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("error: port {port} is taken")), "{said}");
        assert!(output.stdout.is_empty());
    }
}
