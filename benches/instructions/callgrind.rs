//! This program under callgrind: the instructions of one case, without those that prepare it.

use std::path::Path;
use std::process::Command;

/// Plays a case's part; callgrind counts what is done in here and nothing else, and finds it by this name.
// SAFETY: no other function of this program or of the libraries in it is called `counted_part`, and nothing but `play` calls it.
#[unsafe(no_mangle)]
#[inline(never)]
fn counted_part(part: &mut dyn FnMut()) {
    part();
}

/// Plays a case's part, counted if this runs under `count`.
pub fn play(mut part: Box<dyn FnMut()>) {
    counted_part(&mut part);
}

/// Instructions of what these arguments let this program play; `out` is what callgrind writes about it.
pub fn count(arguments: &[&str], out: &Path) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|fault| format!("this program: {fault}"))?;
    let mut command = Command::new("valgrind");
    command
        .args([
            "--tool=callgrind",
            "--quiet",
            "--toggle-collect=counted_part",
        ])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(program)
        .args(arguments)
        // Settings of allocators and the like would change counts; and copying by `rep movsb`, or with wide registers, is chosen
        // by the processor and the version of the C library, and counted otherwise: everybody copies the plain way here.
        .env_clear()
        .env(
            "GLIBC_TUNABLES",
            "glibc.cpu.hwcaps=-ERMS,-AVX2,-AVX2_Usable,-AVX_Fast_Unaligned_Load",
        )
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    let done = command
        .output()
        .map_err(|fault| format!("valgrind: {fault}"))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(format!(
            "{arguments:?} under valgrind: {}\n{said}",
            done.status
        ));
    }
    let text =
        std::fs::read_to_string(out).map_err(|fault| format!("{}: {fault}", out.display()))?;
    text.lines()
        .find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok())
        .filter(|count| *count > 0)
        .ok_or_else(|| format!("{}: nothing was counted", out.display()))
}
