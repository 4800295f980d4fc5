#!/usr/bin/env bash
# Runs every test of the project, set-up included: restore, build, all test projects in Release, then Core's once per vector width.
# Results: artifacts/test-results/*.trx. Any argument is passed on to `dotnet test` (for instance --filter FullyQualifiedName~Reader).
set -euo pipefail
cd "$(dirname "$0")/.."

need() {
  command -v "$1" > /dev/null && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null && [ -n "$2" ]; then
    apt-get update -qq > /dev/null && apt-get install -y -qq "$2" > /dev/null && return 0
  fi
  echo "The tests need '$1'. Install it${2:+ (Debian package '$2')} and run this again." >&2
  exit 1
}

need dotnet ""
need node ""
need npm ""
need curl curl
need python3 python3
need kcat kcat
need promtool prometheus
need chromium chromium

results=artifacts/test-results
rm -rf "$results"
status=0

dotnet restore CfLogStream.sln --locked-mode
dotnet build CfLogStream.sln -c Release --no-restore
dotnet test --solution CfLogStream.sln -c Release --no-build --report-xunit-trx --results-directory "$results/all" "$@" || status=1

# The suite of Core once more on narrower vector units, so that the real selection code runs.
for width in EnableAVX512 EnableAVX2 EnableHWIntrinsic; do
  echo "Core with DOTNET_$width=0"
  env "DOTNET_$width=0" dotnet test --project tests/CfLogStream.Core.Tests -c Release --no-build \
    --report-xunit-trx --results-directory "$results/$width" "$@" || status=1
done

# A short run of the fuzz target, unless only some tests were asked for; tests/fuzz.sh alone runs longer.
[ "$#" -gt 0 ] || tests/fuzz.sh 20 || status=1

exit "$status"
