import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * One directory for all that a run of the tests leaves in temporary directories: workers are ended
 * before they could remove their own.
 */
export default function scratch(): () => void {
  const directory = mkdtempSync(join(tmpdir(), "microvm-sweep-tests-"));
  // Some tests run the program as another user.
  chmodSync(directory, 0o755);
  process.env["TMPDIR"] = directory;
  return () => {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
}
