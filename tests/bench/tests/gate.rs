//! What a plan costs may not grow faster than its lines. Instructions are counted, not time: the same on every run.

use std::process::Command;

#[test]
fn a_thousand_lines_cost_no_more_than_220_times_what_five_cost() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: valgrind is not installed");
        return;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_bench")).arg("--check").output().expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("instructions for 5 lines"), "{said}");
}
