#!/usr/bin/env bash
# Takes the pictures of the documentation anew: builds the tests of the HTML report and has them write what Chromium shows.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null || {
  echo "The pictures need Chromium. Install it (Debian package 'chromium') and run this again." >&2
  exit 1
}
mkdir -p docs/pictures
dotnet build -c Release tests/CfLogStream.Server.Tests
CFLOGSTREAM_PICTURES="$PWD/docs/pictures" artifacts/bin/CfLogStream.Server.Tests/release/CfLogStream.Server.Tests -class '*PictureTests'
ls -l docs/pictures
