#!/usr/bin/env bash
# Runs the fault tests of the log: services killed at named points and at random, ClickHouse and the network failing. Some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/CfLogStream.EndToEnd.Tests -c Release
artifacts/bin/CfLogStream.EndToEnd.Tests/release/CfLogStream.EndToEnd.Tests -explicit only "$@"
