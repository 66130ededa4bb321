//! A child process with three pipes, none of which can block whoever talks to it.
//!
//! One thread writes to it, one reads what it says, one keeps the end of what it complains of. The first two report through one bounded channel, so
//! that a wait for either has an end. The child leads a process group of its own; when it is stopped, whatever it has started is stopped too (on
//! Unix).

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Bytes that are read at a time.
const BLOCK: usize = 65_536;

/// Blocks that wait to be looked at before the child has to wait.
const WAITING: usize = 16;

/// Bytes of complaints that are kept.
const LAST_WORDS: usize = 2_000;

/// How long complaints are waited for after the end.
const PATIENCE: Duration = Duration::from_millis(300);

/// Pause between two looks at a child that is about to end.
const PAUSE: Duration = Duration::from_millis(1);

/// What is heard of a child.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// It has said something.
    Said(Vec<u8>),
    /// It has taken what was written first.
    Taken,
    /// It takes nothing any more.
    Refused,
    /// It says nothing any more.
    Closed,
}

/// The child.
pub(super) struct Process {
    child: Child,
    ended: Option<ExitStatus>,
    to_write: Option<Sender<Vec<u8>>>,
    // Only to be shared among threads, as detectors must be: it is never locked.
    heard: Mutex<Receiver<Heard>>,
    complaints: Complaints,
    peak_memory: Option<u64>,
}

/// The words of a command, parted as a shell would do it: at least one.
pub(super) fn words_of(command: &str) -> Result<Vec<String>, String> {
    let words = shlex::split(command);
    let words = words.ok_or_else(|| format!("the command `{command}` has an open quote"))?;
    match words.is_empty() {
        true => Err("the command is empty".to_owned()),
        false => Ok(words),
    }
}

impl Process {
    /// Starts a command: a program and its arguments, parted as a shell would do it. No shell is run.
    pub(super) fn start(command: &str) -> Result<Self, String> {
        let words = words_of(command)?;
        let (program, arguments) = (&words[0], &words[1..]);
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .spawn()
            .map_err(|why| format!("`{program}` cannot be started: {why}"))?;
        let (Some(input), Some(output), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(format!("`{program}` has no pipes"));
        };
        let (report, heard) = sync_channel(WAITING);
        let (to_write, written) = channel();
        let also = report.clone();
        thread::spawn(move || write_all(input, &written, &also));
        thread::spawn(move || read_all(output, &report));
        Ok(Self {
            child,
            ended: None,
            to_write: Some(to_write),
            heard: Mutex::new(heard),
            complaints: Complaints::of(errors),
            peak_memory: None,
        })
    }

    /// Gives bytes to be written; whether they are taken is heard later.
    pub(super) fn write(&mut self, bytes: Vec<u8>) {
        if let Some(to_write) = &self.to_write {
            // Where the thread has ended, `Refused` has been sent.
            let _ = to_write.send(bytes);
        }
    }

    /// Closes the child's input, once it has taken what was written.
    pub(super) fn close_input(&mut self) {
        self.to_write = None;
    }

    /// Waits for what is heard next; `None`: nothing until the deadline.
    pub(super) fn hear(&mut self, deadline: Instant) -> Option<Heard> {
        let heard = self.heard.get_mut().unwrap_or_else(PoisonError::into_inner);
        match heard.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(heard) => Some(heard),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Heard::Closed),
        }
    }

    /// Waits for the child to end by itself; `None`: it has not until the deadline.
    pub(super) fn wait(&mut self, deadline: Instant) -> Option<ExitStatus> {
        loop {
            if self.ended.is_none()
                && let Ok(Some(status)) = self.child.try_wait()
            {
                self.ended = Some(status);
                // What it has left behind goes at once: later its number may be somebody else's.
                kill_group(&self.child);
            }
            if self.ended.is_some() || Instant::now() >= deadline {
                return self.ended;
            }
            thread::sleep(PAUSE);
        }
    }

    /// Stops it and what it has started.
    pub(super) fn stop(&mut self) {
        if self.ended.is_none() {
            self.measure();
            kill_group(&self.child);
            let _ = self.child.kill();
            self.ended = self.child.wait().ok();
        }
    }

    /// Looks at how much memory it has used; the child itself, not what it has started.
    pub(super) fn measure(&mut self) {
        if self.ended.is_none() {
            self.peak_memory = peak_memory(self.child.id()).max(self.peak_memory);
        }
    }

    /// The most memory that it was seen to use, in bytes; `None` where the system does not say (anything but Linux).
    pub(super) const fn peak_memory(&self) -> Option<u64> {
        self.peak_memory
    }

    /// The end of what it wrote to its standard error.
    pub(super) fn last_words(&self) -> String {
        self.complaints.last_words()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

fn write_all(mut input: ChildStdin, written: &Receiver<Vec<u8>>, report: &SyncSender<Heard>) {
    while let Ok(bytes) = written.recv() {
        let taken = input.write_all(&bytes).and_then(|()| input.flush()).is_ok();
        let heard = if taken { Heard::Taken } else { Heard::Refused };
        if report.send(heard).is_err() || !taken {
            return;
        }
    }
}

fn read_all(mut output: ChildStdout, report: &SyncSender<Heard>) {
    let mut block = vec![0; BLOCK];
    loop {
        let said = match output.read(&mut block) {
            Ok(0) => Heard::Closed,
            Ok(length) => Heard::Said(block.iter().take(length).copied().collect()),
            Err(why) if why.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => Heard::Closed,
        };
        let last = said == Heard::Closed;
        if report.send(said).is_err() || last {
            return;
        }
    }
}

/// The end of what a child writes to its standard error. All of it is read, so that the child never waits.
struct Complaints {
    kept: Arc<Mutex<VecDeque<u8>>>,
    reader: JoinHandle<()>,
}

impl Complaints {
    fn of(mut errors: ChildStderr) -> Self {
        let kept = Arc::new(Mutex::new(VecDeque::new()));
        let shared = Arc::clone(&kept);
        let reader = thread::spawn(move || {
            let mut block = vec![0; BLOCK];
            while let Ok(length) = errors.read(&mut block)
                && length > 0
            {
                let mut kept = shared.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend(block.iter().take(length));
                let surplus = kept.len().saturating_sub(LAST_WORDS);
                kept.drain(..surplus);
            }
        });
        Self { kept, reader }
    }

    fn last_words(&self) -> String {
        let deadline = Instant::now() + PATIENCE;
        while !self.reader.is_finished() && Instant::now() < deadline {
            thread::sleep(PAUSE);
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = kept.iter().copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Ends the group that a child leads. A group of which nobody is left is no error.
#[cfg(unix)]
fn kill_group(child: &Child) {
    use nix::sys::signal::{Signal, killpg};
    if let Ok(leader) = i32::try_from(child.id()) {
        let _ = killpg(nix::unistd::Pid::from_raw(leader), Signal::SIGKILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_: &Child) {}

/// The high-water mark of a process's resident memory, in bytes (`VmHWM` in proc(5)).
#[cfg(target_os = "linux")]
fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1_024)
}

#[cfg(not(target_os = "linux"))]
fn peak_memory(_: u32) -> Option<u64> {
    None
}
