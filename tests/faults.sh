#!/usr/bin/env bash
# Runs the long fault tests of the log: services killed at named points and at random, members, brokers, ClickHouse. About half an hour.
# CFLOGSTREAM_FAULT_MINUTES and CFLOGSTREAM_FAULT_SEED choose how long and which faults. tests/soak.sh is apart.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/CfLogStream.EndToEnd.Tests -c Release
artifacts/bin/CfLogStream.EndToEnd.Tests/release/CfLogStream.EndToEnd.Tests -explicit only -class- CfLogStream.EndToEnd.Tests.Log.SoakTests "$@"
