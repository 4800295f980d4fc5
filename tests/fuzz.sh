#!/usr/bin/env bash
# Fuzzes the reading of lines for some seconds (10 minutes unless told), guided by coverage: afl-fuzz drives tests/CfLogStream.Core.Fuzz,
# whose copy of the product is instrumented. Every input is read at every vector width and compared. Where afl-fuzz cannot be had or
# cannot run, says so, and tries mutations of the corpus for the same time without guidance.
# Exit code 1 when the widths disagree; the inputs are then in artifacts/fuzz/findings. They belong into the corpus, and into a test.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-600}
work=artifacts/fuzz
corpus=tests/CfLogStream.Core.Fuzz/Corpus
plain=artifacts/bin/CfLogStream.Core.Fuzz/release/CfLogStream.Core.Fuzz.dll
target=$work/bin/CfLogStream.Core.Fuzz.dll

if ! command -v afl-fuzz > /dev/null && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends afl++; } > /dev/null 2>&1 || true
fi

dotnet build tests/CfLogStream.Core.Fuzz -c Release -v quiet --nologo
rm -rf "$work"
mkdir -p "$work/findings"
cp -r "$(dirname "$plain")" "$work/bin"

unguided() {
  echo "$1 Trying mutations of the corpus for $seconds s without guidance by coverage." >&2
  dotnet "$plain" replay "$seconds" "$RANDOM" "$corpus"
  exit
}

dotnet "$plain" replay 0 0 "$corpus"
if ! command -v afl-fuzz > /dev/null; then
  unguided "There is no afl-fuzz here (Debian package 'afl++')."
fi

dotnet "$target" instrument "$work/bin/CfLogStream.Core.dll"

# No check of the target as a binary (it is 'dotnet'), of the processor's governor and of where cores are dumped; no core of its own;
# no screen.
if ! AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_NO_COLOR=1 \
  timeout -k 10 $((seconds + 120)) afl-fuzz -V "$seconds" -t 10000 -m none \
  -i "$corpus" -x tests/CfLogStream.Core.Fuzz/json.dict -o "$work/afl" dotnet "$target" > "$work/afl.log" 2>&1; then
  tail -n 20 "$work/afl.log" >&2
  unguided "afl-fuzz did not run."
fi

stats=$work/afl/default/fuzzer_stats
value() { sed -n "s/^$1 *: //p" "$stats"; }
echo "afl-fuzz: $(value execs_done) executions in $(value run_time) s, $(value edges_found) branches, $(value corpus_count) inputs kept."

find "$work/afl/default/crashes" "$work/afl/default/hangs" -name 'id:*' -exec cp {} "$work/findings" \;
if [ -n "$(ls -A "$work/findings")" ]; then
  echo "Findings in $work/findings:" >&2
  ls "$work/findings" >&2
  dotnet "$plain" replay 0 0 "$work/findings" >&2 || true
  exit 1
fi
