/** One line for the person at the terminal: time, who, what. Standard output, so that it can be watched and piped. */
export function say(name: string, text: string): void {
  const time = new Date().toTimeString().slice(0, 8);
  process.stdout.write(`${time}  ${name.padEnd(12)} ${text}\n`);
}
