//! Stateless model checking: a run is replayed from the start with the next combination of decisions until there is none left.
//!
//! Workers are futures that are polled by hand. All of them stand at a gate before an outside call; a decision picks one and says what becomes
//! of its call. Two calls that touch different things commute, so of the schedules that differ only in their order one is run (sleep
//! sets: Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996). Nothing else is left out: every
//! schedule of conflicting calls is run, without a bound on preemptions.

use std::pin::Pin;
use std::task::{Context, Waker};

use super::seams::{Fate, Gate, Kind};

/// The decisions of the present run, and what is left to be tried.
#[derive(Debug, Default)]
pub(crate) struct Explorer {
    /// Decision taken, of how many.
    path: Vec<(usize, usize)>,
    at: usize,
}

impl Explorer {
    /// One of `options`: what was decided here in the run before, or the first.
    fn choose(&mut self, options: usize) -> usize {
        if options == 1 {
            return 0;
        }
        if self.at == self.path.len() {
            self.path.push((0, options));
        }
        let (taken, of) = self.path[self.at];
        assert_eq!(of, options, "the run is not deterministic at decision {}", self.at);
        self.at += 1;
        taken
    }

    /// Goes on to the next combination; false when all were tried.
    pub(crate) fn advance(&mut self) -> bool {
        self.path.truncate(self.at);
        self.at = 0;
        while let Some((taken, of)) = self.path.pop() {
            if taken + 1 < of {
                self.path.push((taken + 1, of));
                return true;
            }
        }
        false
    }
}

/// A future behind a gate.
pub(crate) struct Worker<'a> {
    pub(crate) name: String,
    pub(crate) gate: Gate,
    pub(crate) future: Option<Pin<Box<dyn Future<Output = ()> + 'a>>>,
}

impl<'a> Worker<'a> {
    pub(crate) fn new(name: String, gate: Gate, future: impl Future<Output = ()> + 'a) -> Self {
        Self { name, gate, future: Some(Box::pin(future)) }
    }

    /// Goes on to the end without another stop.
    pub(crate) fn resume(&mut self) {
        self.gate.open();
        self.gate.decide(Fate::Done);
        self.poll();
    }

    /// Runs up to the next gate, the end, or death.
    pub(crate) fn poll(&mut self) {
        let Some(future) = &mut self.future else { return };
        let ended = future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        if ended || self.gate.is_dead() {
            self.future = None;
        } else {
            assert!(self.gate.pending().is_some(), "{} waits for something that has no gate", self.name);
        }
    }
}

/// Which faults a run may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Faults {
    pub(crate) most: u32,
    pub(crate) of: fn(Kind) -> &'static [Fate],
}

/// One run: takes decisions and remembers them in words.
pub(crate) struct Run<'e> {
    explorer: &'e mut Explorer,
    left: u32,
    of: fn(Kind) -> &'static [Fate],
    /// A fault happened since this was last asked for.
    fault: bool,
    /// The faults, and where schedules met, in words.
    pub(crate) trace: Vec<String>,
}

impl<'e> Run<'e> {
    pub(crate) fn new(explorer: &'e mut Explorer, faults: Faults) -> Self {
        Self { explorer, left: faults.most, of: faults.of, fault: false, trace: Vec::new() }
    }

    /// Whether there was a fault since the last time.
    pub(crate) fn had_fault(&mut self) -> bool {
        std::mem::take(&mut self.fault)
    }

    /// Runs all workers to their ends. False when the rest of this run is the same as that of another one.
    pub(crate) fn run(&mut self, mut workers: Vec<Worker<'_>>) -> bool {
        if self.left == 0 && workers.len() == 1 {
            workers[0].gate.open();
            workers[0].poll();
            return true;
        }
        workers.iter_mut().for_each(Worker::poll);
        let mut asleep: Vec<usize> = Vec::new();
        loop {
            let alive: Vec<usize> = (0..workers.len()).filter(|at| workers[*at].future.is_some()).collect();
            if alive.is_empty() {
                return true;
            }
            let awake: Vec<usize> = alive.iter().copied().filter(|at| !asleep.contains(at)).collect();
            let options: Vec<(usize, Fate)> = awake.iter().flat_map(|at| self.fates(*at, &workers[*at])).collect();
            if options.is_empty() {
                return false;
            }
            let (at, fate) = options[self.explorer.choose(options.len())];
            let call = workers[at].gate.pending().expect("a worker that is alive waits at its gate");
            asleep.extend(awake.into_iter().take_while(|earlier| *earlier != at));
            asleep.retain(|other| workers[*other].gate.pending().is_some_and(|theirs| !theirs.conflicts(&call)));
            if alive.len() > 1 || fate != Fate::Done {
                self.trace.push(format!("{} {:?} {}: {fate:?}", workers[at].name, call.kind, call.resource));
            }
            if fate != Fate::Done {
                self.left -= 1;
                self.fault = true;
            }
            if fate == Fate::CrashBefore {
                workers[at].future = None;
            } else {
                workers[at].gate.decide(fate);
                workers[at].poll();
            }
        }
    }

    /// Runs a worker up to a call at which it is to stall, or to its end; says whether it stalls.
    pub(crate) fn run_until_stalled(&mut self, worker: &mut Worker<'_>) -> bool {
        worker.poll();
        while worker.future.is_some() {
            let call = worker.gate.pending().expect("a worker that is alive waits at its gate");
            if self.explorer.choose(2) == 1 {
                self.trace.push(format!("{} {:?} {}: stalls", worker.name, call.kind, call.resource));
                return true;
            }
            worker.gate.decide(Fate::Done);
            worker.poll();
        }
        false
    }

    fn fates(&self, at: usize, worker: &Worker<'_>) -> Vec<(usize, Fate)> {
        let call = worker.gate.pending().expect("a worker that is alive waits at its gate");
        let faults = if self.left > 0 { (self.of)(call.kind) } else { &[] };
        [Fate::Done].iter().chain(faults).map(|fate| (at, *fate)).collect()
    }
}
