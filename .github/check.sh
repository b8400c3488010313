#!/usr/bin/env bash
# The check of action.yml: annotations on the log, SARIF and a job summary where wanted, the exit code as an output. All of it
# from one run.
set -uo pipefail

weedout="${WEEDOUT:-weedout}"
mapfile -t paths < <(printf '%s\n' "${WEEDOUT_PATHS:-.}" | sed '/^[[:space:]]*$/d')
mapfile -t args < <(printf '%s\n' "${WEEDOUT_ARGS:-}" | sed '/^[[:space:]]*$/d')
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

also=(--also "concise=$work/concise")
if [ "${WEEDOUT_SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    also+=(--also "markdown=$work/summary")
fi
if [ -n "${WEEDOUT_SARIF:-}" ]; then
    also+=(--also "sarif=$WEEDOUT_SARIF")
fi

"$weedout" check "${args[@]}" --output-format github "${also[@]}" -- "${paths[@]}"
code=$?

if [ -e "$work/summary" ]; then
    cat "$work/summary" >> "$GITHUB_STEP_SUMMARY"
fi
findings=0
if [ -e "$work/concise" ]; then
    # What is silenced, and shown with --show-silenced, is no finding.
    findings="$(grep ': link-spam \[' "$work/concise" | grep -vc ' (silenced by ')"
fi
{
    echo "exit-code=$code"
    echo "findings=$findings"
} >> "${GITHUB_OUTPUT:-/dev/null}"

if [ "$code" -eq 1 ] && [ "${WEEDOUT_FAIL:-true}" != true ]; then
    exit 0
fi
exit "$code"
