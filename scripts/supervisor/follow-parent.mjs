// Loaded first in every child process. Its standard input is a pipe from the supervisor that nothing is written to: when
// it closes, the supervisor is gone (however it went), and this process must not linger.
const GRACE_MS = 8_000;

const leave = () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), GRACE_MS).unref();
};

process.stdin.on("end", leave);
process.stdin.on("error", leave);
process.stdin.resume();
process.stdin.unref?.();
