//! The shell of `action.yml`, run as a job runs it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CLEAN: &str =
    "# Orchard talk\n\nWe talked about the harvest for an hour in her kitchen, and the rain did not stop once.\n";
const SPAM: &str = "\n- [casino online free spins](https://casino-spins.example)\n- [buy cheap viagra online](https://pills-shop.example)\n\
- [casibom giris bahis](https://casibom-giris.example)\n- [slot gacor maxwin](https://slot-gacor.example)\n\
- [online casino bonus](https://casino-bonus.example)\n";

/// The lines of the `index`th `run: |` of the action.
fn script(index: usize) -> String {
    let action = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml")).unwrap();
    let part = action.split("      run: ").nth(index + 1).unwrap().to_owned();
    let Some(block) = part.strip_prefix("|\n") else { return part.lines().next().unwrap().to_owned() };
    block.lines().take_while(|line| line.starts_with("        ")).map(|line| format!("{}\n", line.trim())).collect()
}

struct Job {
    root: tempfile::TempDir,
}

impl Job {
    fn new() -> Self {
        let job = Self { root: tempfile::tempdir().unwrap() };
        fs::create_dir(job.at("docs")).unwrap();
        fs::write(job.at("docs/clean.md"), CLEAN).unwrap();
        job
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap_or_default()
    }

    fn pollute(self) -> Self {
        fs::write(self.at("docs/two words.md"), format!("{CLEAN}{SPAM}")).unwrap();
        self
    }

    /// Runs a script of the action with the variables of a job and these inputs.
    fn run(&self, script: &str, inputs: &[(&str, &str)]) -> Output {
        let mut command = Command::new("bash");
        command.arg("-c").arg(script).current_dir(self.root.path()).envs(inputs.iter().copied());
        command.env("ACTION_PATH", env!("CARGO_MANIFEST_DIR")).env("RUNNER_TEMP", self.root.path());
        for name in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH"] {
            command.env(name, self.at(name));
        }
        command.output().unwrap()
    }

    #[track_caller]
    fn check(&self, inputs: &[(&str, &str)], code: i32) -> String {
        let mut all = vec![("WEEDOUT", env!("CARGO_BIN_EXE_weedout")), ("WEEDOUT_PATHS", "docs")];
        all.extend(inputs);
        let output = self.run(&script(1), &all);
        let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!(output.status.code(), Some(code), "stdout: {out}\nstderr: {err}");
        out
    }
}

#[test]
fn scripts_take_inputs_as_variables_only() {
    for index in 0..2 {
        assert!(!script(index).is_empty() && !script(index).contains("${{"), "{}", script(index));
    }
}

#[test]
fn spam_is_annotated_written_as_sarif_and_summed_up() {
    let job = Job::new().pollute();
    let out = job.check(&[("WEEDOUT_SARIF", "found.sarif")], 1);
    assert!(
        out.starts_with("::error file=docs/two words.md,line=5,endLine=9,title=link-spam::Run of 5 anchors"),
        "{out}"
    );
    assert_eq!(job.read("GITHUB_OUTPUT"), "exit-code=1\nfindings=1\n");
    let summary = job.read("GITHUB_STEP_SUMMARY");
    assert!(
        summary.starts_with("### weedout: 1 finding in 1 of 2 documents\n")
            && summary.contains("| `docs/two words.md:5:1` |")
    );
    let sarif: serde_json::Value = serde_json::from_str(&job.read("found.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 1);
}

#[test]
fn a_step_may_report_only() {
    let job = Job::new().pollute();
    job.check(&[("WEEDOUT_FAIL", "false"), ("WEEDOUT_SUMMARY", "false")], 0);
    assert_eq!(
        (job.read("GITHUB_OUTPUT").as_str(), job.read("GITHUB_STEP_SUMMARY").as_str()),
        ("exit-code=1\nfindings=1\n", "")
    );
}

#[test]
fn clean_documents_pass() {
    let job = Job::new();
    assert_eq!(job.check(&[], 0), "");
    assert_eq!(job.read("GITHUB_OUTPUT"), "exit-code=0\nfindings=0\n");
    assert_eq!(job.read("GITHUB_STEP_SUMMARY"), "### weedout: no link spam in 1 document\n");
}

#[test]
fn nothing_to_check_and_failures_fail_the_step_whatever_it_may() {
    let job = Job::new();
    job.check(&[("WEEDOUT_PATHS", "nowhere*"), ("WEEDOUT_FAIL", "false")], 3);
    assert_eq!(job.read("GITHUB_OUTPUT"), "exit-code=3\nfindings=0\n");
    job.check(&[("WEEDOUT_ARGS", "--no-such"), ("WEEDOUT_FAIL", "false")], 2);
    assert_eq!(job.read("GITHUB_STEP_SUMMARY"), "");
}

#[test]
fn arguments_and_paths_are_one_a_line() {
    let job = Job::new().pollute();
    job.check(
        &[
            ("WEEDOUT_PATHS", "docs/clean.md\ndocs/two words.md\n"),
            ("WEEDOUT_ARGS", "--allow-phrase\ncasi\n--exclude\ntwo*\n"),
        ],
        0,
    );
    assert_eq!(job.read("GITHUB_OUTPUT"), "exit-code=0\nfindings=0\n");
    let job = Job::new().pollute();
    fs::write(job.at("weedout.toml"), "allow-phrases = [\"casino\", \"viagra\", \"bahis\", \"gacor\"]\n").unwrap();
    let out = job.check(&[("WEEDOUT_ARGS", "--show-silenced")], 0);
    assert!(out.starts_with("::notice file=docs/two words.md"), "{out}");
    assert_eq!(job.read("GITHUB_OUTPUT"), "exit-code=0\nfindings=0\n", "what is silenced is no finding");
}

#[test]
fn text_of_documents_starts_no_command_of_the_log() {
    let job = Job::new().pollute();
    fs::write(
        job.at("docs/::error title=x::y.md"),
        format!("{CLEAN}{SPAM}\n- [casino\n::set-env name=A::b](https://x.example)\n"),
    )
    .unwrap();
    let out = job.check(&[], 1);
    assert!(out.lines().all(|line| line.starts_with("::error file=docs/")), "{out}");
}

/// Building is left to a stand-in for cargo that notes what it is asked to.
#[test]
fn weedout_is_built_from_the_action_and_found_by_the_check() {
    let job = Job::new();
    fs::create_dir(job.at("bin")).unwrap();
    fs::write(job.at("bin/cargo"), "#!/bin/sh\nprintf '%s\\n' \"$@\" > cargo.log\n").unwrap();
    fs::set_permissions(job.at("bin/cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", job.at("bin").display(), std::env::var("PATH").unwrap());
    assert!(job.run(&script(0), &[("PATH", &path)]).status.success());
    let root = job.at("weedout").display().to_string();
    assert_eq!(
        job.read("cargo.log"),
        format!("install\n--locked\n--path\n{}\n--root\n{root}\n", env!("CARGO_MANIFEST_DIR"))
    );
    assert_eq!(job.read("GITHUB_PATH"), format!("{root}/bin\n"));
}
