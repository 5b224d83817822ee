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

// Next's development server hands its options on to what it starts, whose standard input is no pipe from the supervisor: it
// would end at once. Those are its own to stop.
const at = process.execArgv.indexOf(import.meta.url);
if (at > 0) process.execArgv.splice(at - 1, 2);
