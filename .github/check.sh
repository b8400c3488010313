#!/usr/bin/env bash
# The check of action.yml: annotations on the log, SARIF and a job summary where wanted, the exit code as an output.
set -uo pipefail

weedout="${WEEDOUT:-weedout}"
mapfile -t paths < <(printf '%s\n' "${WEEDOUT_PATHS:-.}" | sed '/^[[:space:]]*$/d')
mapfile -t args < <(printf '%s\n' "${WEEDOUT_ARGS:-}" | sed '/^[[:space:]]*$/d')
output="${GITHUB_OUTPUT:-/dev/null}"

check() {
    "$weedout" check "${args[@]}" --output-format "$1" -- "${paths[@]}"
}

check github
code=$?

findings=0
if [ "$code" -eq 1 ] || [ "$code" -eq 2 ]; then
    concise="$(check concise 2>/dev/null)"
    findings="$(printf '%s\n' "$concise" | grep -c ': link-spam \[')"
    if [ "${WEEDOUT_SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
        {
            echo "### weedout: $findings findings"
            echo
            # Indented by four, a line is code to Markdown whatever stands in it.
            printf '%s\n' "$concise" | sed 's/^/    /'
        } >> "$GITHUB_STEP_SUMMARY"
    fi
elif [ "${WEEDOUT_SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ "$code" -eq 0 ]; then
    echo "### weedout: no link spam" >> "$GITHUB_STEP_SUMMARY"
fi

if [ -n "${WEEDOUT_SARIF:-}" ] && [ "$code" -ne 3 ]; then
    check sarif 2>/dev/null > "$WEEDOUT_SARIF"
fi

{
    echo "exit-code=$code"
    echo "findings=$findings"
} >> "$output"

if [ "$code" -eq 1 ] && [ "${WEEDOUT_FAIL:-true}" != true ]; then
    exit 0
fi
exit "$code"
