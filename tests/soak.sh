#!/usr/bin/env bash
# Ingest and process for some minutes (15, or the first argument) with faults at random: prints and asserts exact numbers, flat memory, handles, parts.
# CFLOGSTREAM_FAULT_SEED chooses other faults.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/CfLogStream.EndToEnd.Tests -c Release
CFLOGSTREAM_FAULT_MINUTES="${1:-15}" artifacts/bin/CfLogStream.EndToEnd.Tests/release/CfLogStream.EndToEnd.Tests \
  -explicit only -showLiveOutput -method '*.SoakTests.Soak'
