//! The local AWS, for tests and for the local run: provisions the emulator into `target/`, starts it on a free port, hands out
//! accounts, and leaves no process behind.
//!
//! Everything blocks: it runs once, before anything else. Installing the Python packages is the only use of a network.

mod account;
mod binaries;
pub mod children;
mod python;

use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use thiserror::Error;

pub use account::{Account, REGION};
pub use binaries::{Profile, build, template};

/// How long the emulator may take to answer. It takes half a second on a quiet machine.
const START_LIMIT: Duration = Duration::from_secs(60);
/// Ports are chosen and then used, so another process may come between: so many tries.
const START_TRIES: u32 = 3;
/// How long the emulator may take to end before it is killed.
const END_LIMIT: Duration = Duration::from_secs(5);
/// What the names of the folders of running emulators begin with.
const RUN: &str = "emulator-run-";

/// Why there is no emulator. The texts are for whoever runs the tests on a fresh machine.
#[derive(Debug, Error)]
pub enum Problem {
    /// No Python at all.
    #[error("python3 is not on the PATH: install Python 3.10 or newer")]
    NoPython,
    /// A Python that the locked packages are not made for.
    #[error("python3 is {0}: install Python 3.10 or newer")]
    OldPython(String),
    /// Debian and Ubuntu ship Python without it.
    #[error("python3 has no usable venv module; on Debian and Ubuntu: apt-get install python3-venv\n{0}")]
    NoVenv(String),
    /// Usually no network.
    #[error("pip could not install the emulator's packages; this needs the network once\n{0}")]
    NotInstalled(String),
    /// It ended, or never answered.
    #[error("the emulator did not start\n{0}")]
    NotStarted(String),
    /// CloudFormation's reasons.
    #[error("the template was not deployed\n{0}")]
    NotDeployed(String),
    /// The compiler's reasons.
    #[error("the functions were not built\n{0}")]
    NotBuilt(String),
    /// Files in `target/`.
    #[error("{what}: {source}")]
    Files {
        /// What was attempted.
        what: String,
        /// What the system said.
        source: io::Error,
    },
}

impl Problem {
    fn files(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Problem::Files { what, source }
    }
}

/// Installs the emulator's Python packages into `target/`, unless that was done before.
///
/// # Errors
/// See [`Problem`].
pub fn provision() -> Result<(), Problem> {
    python::provision().map(|_| ())
}

/// What may differ from one emulator to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The port to listen on; 0 chooses a free one.
    pub port: u16,
    /// Whether roles are enforced, so that a function may do only what the template allows it.
    pub enforce_roles: bool,
}

/// A running emulator. Dropping it ends it with everything it started; so does the end of this process, however it comes.
#[derive(Debug)]
pub struct Emulator {
    child: Child,
    _registered: children::Registered,
    port: u16,
    files: Files,
    accounts: AtomicU64,
}

impl Emulator {
    /// Starts one with the defaults, provisioning it first if that was not done yet.
    ///
    /// # Errors
    /// See [`Problem`].
    pub fn start() -> Result<Self, Problem> {
        Self::start_with(Options::default())
    }

    /// Starts one.
    ///
    /// # Errors
    /// See [`Problem`]; also [`Problem::NotStarted`] when `options.port` is taken.
    pub fn start_with(options: Options) -> Result<Self, Problem> {
        children::reap()?;
        let python = python::provision()?;
        let mut tries = 1;
        loop {
            let port = if options.port == 0 { free_port()? } else { options.port };
            match launch(&python, port, options.enforce_roles) {
                Err(Problem::NotStarted(_)) if options.port == 0 && tries < START_TRIES => tries += 1,
                other => return other,
            }
        }
    }

    /// Where every service answers: `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        endpoint(self.port)
    }

    /// A fresh account, which shares nothing with any other of this emulator.
    pub fn account(&self) -> Account {
        Account::new(self.accounts.fetch_add(1, Ordering::Relaxed) + 1, self.endpoint())
    }

    /// Deploys `template` with the function binaries of `binaries` into `account`; answers the stack's outputs, a JSON object.
    ///
    /// # Errors
    /// [`Problem::NotDeployed`] with CloudFormation's reasons.
    pub fn deploy(
        &self,
        account: &Account,
        template: &Path,
        binaries: &Path,
        parameters: &[(&str, &str)],
    ) -> Result<String, Problem> {
        let mut command = Command::new(python::provision()?);
        command.arg(python::folder().join("deploy.py"));
        command.args(["--endpoint", &self.endpoint(), "--account", account.id()]);
        command.arg("--template").arg(template).arg("--binaries").arg(binaries);
        for (name, value) in parameters {
            command.arg("--parameter").arg(format!("{name}={value}"));
        }
        let output = children::output(&mut command).map_err(Problem::files("run deploy.py"))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(Problem::NotDeployed(String::from_utf8_lossy(&output.stderr).into_owned()))
        }
    }

    /// What the emulator and the functions in it have logged.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.files.path().join("emulator.log")
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        end(&mut self.child);
        // What is left is swept by the next start.
        let _kept = std::fs::remove_dir_all(self.files.path());
    }
}

/// The folder of one emulator: its log, and what its functions were unpacked to. Locked as long as its process lives.
#[derive(Debug)]
struct Files {
    path: PathBuf,
    _lock: File,
}

impl Files {
    /// Makes the folder for `port`, and removes those of emulators whose process has died without doing so.
    fn create(port: u16) -> Result<Self, Problem> {
        let _starting = python::lock()?;
        let folders = std::fs::read_dir(python::target()).map_err(Problem::files("read target/"))?;
        for path in folders.filter_map(|entry| Some(entry.ok()?.path())) {
            let is_ours = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(RUN));
            let lock = File::options().write(true).open(path.join("lock"));
            if is_ours && lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
                std::fs::remove_dir_all(&path).map_err(Problem::files(format!("clear {}", path.display())))?;
            }
        }
        let path = python::target().join(format!("{RUN}{port}"));
        std::fs::create_dir_all(&path).map_err(Problem::files(format!("create {}", path.display())))?;
        let lock = File::create(path.join("lock")).map_err(Problem::files("create the emulator's lock"))?;
        lock.try_lock().map_err(|error| Problem::NotStarted(format!("port {port} is taken: {error}")))?;
        Ok(Self { path, _lock: lock })
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

fn launch(python: &Path, port: u16, enforce_roles: bool) -> Result<Emulator, Problem> {
    if TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), Duration::from_millis(200)).is_ok() {
        return Err(Problem::NotStarted(format!("port {port} is taken")));
    }
    let files = Files::create(port)?;
    let log = File::create(files.path().join("emulator.log")).map_err(Problem::files("create emulator.log"))?;
    let errors = log.try_clone().map_err(Problem::files("create emulator.log"))?;

    let mut command = Command::new(python);
    // Functions inherit the emulator's environment: a name set in the shell would hide one that is missing in the template.
    command.env_clear();
    command.envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "HOME"));
    command.env("BIND_HOST", "127.0.0.1").env("IOT_MTLS_ENABLED", "0").env("SFTP_ENABLED", "0");
    command.env("GATEWAY_PORT", port.to_string()).env("AWS_ENDPOINT_URL", endpoint(port));
    command.env("AUTH", if enforce_roles { "true" } else { "false" }).env("TMPDIR", files.path());
    command.arg(python::folder().join("emulator.py"));
    command.stdin(Stdio::piped()).stdout(log).stderr(errors);
    let (child, _registered) = children::spawn(&mut command).map_err(Problem::files("start the emulator"))?;
    // From here on dropping it ends it.
    let mut emulator = Emulator { child, _registered, port, files, accounts: AtomicU64::new(0) };
    emulator.wait()?;
    Ok(emulator)
}

impl Emulator {
    /// Waits until the health page answers.
    fn wait(&mut self) -> Result<(), Problem> {
        let started = Instant::now();
        loop {
            let ended = self.child.try_wait().map_err(Problem::files("wait for the emulator"))?;
            if ended.is_some() || started.elapsed() > START_LIMIT {
                let log = std::fs::read_to_string(self.log()).unwrap_or_default();
                return Err(Problem::NotStarted(log));
            }
            if is_healthy(self.port) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Closes the emulator's standard input, at which it ends with its whole process group, and makes sure of it.
fn end(child: &mut Child) {
    drop(child.stdin.take());
    let started = Instant::now();
    while started.elapsed() < END_LIMIT {
        match child.try_wait() {
            Ok(None) => std::thread::sleep(Duration::from_millis(10)),
            Ok(Some(_)) | Err(_) => return,
        }
    }
    // It hangs: its functions end by themselves once it no longer answers them.
    let _gone = child.kill();
    let _status = child.wait();
}

fn is_healthy(port: u16) -> bool {
    use std::io::{Read as _, Write as _};
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) else { return false };
    let request = b"GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut answer = [0; 12];
    stream.set_read_timeout(Some(Duration::from_secs(2))).is_ok()
        && stream.write_all(request).is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && answer == *b"HTTP/1.1 200"
}

fn free_port() -> Result<u16, Problem> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(Problem::files("find a free port"))?;
    Ok(listener.local_addr().map_err(Problem::files("find a free port"))?.port())
}

fn endpoint(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A launcher's way of ending, in a shell: the standard input closes, the group is killed.
    #[test]
    fn closing_the_standard_input_ends_it() {
        let script = "sleep 600 & cat >/dev/null; kill -KILL 0";
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::piped());
        let (mut child, _registered) = children::spawn(&mut command).unwrap();
        let started = Instant::now();
        end(&mut child);
        assert!(child.try_wait().unwrap().is_some());
        assert!(started.elapsed() < END_LIMIT, "it was not the closed input that ended it");
    }

    #[test]
    fn a_taken_port_is_named() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let problem = launch(Path::new("python3"), port, false).unwrap_err();
        assert_eq!(problem.to_string(), format!("the emulator did not start\nport {port} is taken"));
    }
}
