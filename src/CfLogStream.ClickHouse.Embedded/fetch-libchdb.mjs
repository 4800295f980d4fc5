// Fetches libchdb, the ClickHouse engine as a shared library, into node_modules. Run by the build when the library is missing.
// Several builds may run this at once: the first one fetches, the others wait for it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const [name, library] = process.argv.slice(2);
const version = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).dependencies["@chdb/lib-linux-x64-gnu"];
const lock = join(tmpdir(), "cflogstream-libchdb-" + createHash("sha256").update(folder).digest("hex").slice(0, 16));
const holder = join(lock, "pid");

function isFetched() {
  const manifest = join(dirname(library), "package.json");
  return existsSync(library) && existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === version;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function tryLock() {
  try {
    mkdirSync(lock);
    writeFileSync(holder, String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") {
      throw error;
    }
    // The holder writes its pid right after making the folder; without one it is between the two, or was killed there long ago.
    const pid = existsSync(holder) ? Number(readFileSync(holder, "utf8")) : 0;
    if (pid > 0 && !isAlive(pid)) {
      rmSync(lock, { recursive: true, force: true });
    }
    return false;
  }
}

const deadline = Date.now() + 15 * 60_000;
while (!tryLock()) {
  if (Date.now() > deadline) {
    console.error(`Another build has held ${lock} for 15 minutes. Remove that folder if no build is running.`);
    process.exit(1);
  }
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
}

try {
  if (!isFetched()) {
    // The lock file holds the package for Linux on x64; another platform's package has the same version.
    const command = name === "@chdb/lib-linux-x64-gnu"
      ? ["ci", "--ignore-scripts"]
      : ["install", "--no-save", "--no-package-lock", "--ignore-scripts", `${name}@${version}`];
    const npm = spawnSync("npm", command, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
    if (npm.error) {
      console.error(`Cannot run npm: ${npm.error.message}`);
    }
    process.exitCode = npm.error ? 127 : npm.status;
  }
} finally {
  rmSync(lock, { recursive: true, force: true });
}
