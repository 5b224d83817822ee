import type { Engine } from "../engine";
import { requestApp } from "../protocol/request-app";
import { sign, signatureProblem } from "../protocol/signature";
import { RegistrationError } from "./function-config";
import { parseRegistration, registerApp } from "./register-app";

/** How often an app that does not answer is tried. */
const retryMs = 1_000;

/**
 * Registers the apps behind the configured URLs, again and again, so that neither the order of starting nor a new
 * version of an app needs a hand. The app is asked to answer in band; one that is set not to registers by itself.
 */
export class SyncLoop {
  readonly #engine: Engine;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #problems = new Map<string, string>();
  #isClosed = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  start(): void {
    for (const url of this.#engine.settings.sdkUrls) void this.#syncAgain(url);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** Why apps are not registered, by URL. */
  get problems(): Record<string, string> {
    return Object.fromEntries(this.#problems);
  }

  async #syncAgain(url: string): Promise<void> {
    const problem = await this.#sync(url).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (this.#isClosed) return;
    if (problem === undefined) this.#problems.delete(url);
    else this.#report(url, problem instanceof Error ? problem.message : String(problem));
    // An app that refused an option will refuse it again until it changes, so only silence is worth hurrying for.
    const isSettled = problem === undefined || problem instanceof RegistrationError;
    const timer = setTimeout(
      () => void this.#syncAgain(url),
      isSettled ? this.#engine.settings.syncIntervalMs : Math.min(retryMs, this.#engine.settings.syncIntervalMs),
    );
    this.#timers.set(url, timer);
  }

  #report(url: string, message: string): void {
    if (this.#problems.get(url) === message) return;
    this.#problems.set(url, message);
    this.#engine.settings.log("warn", "app not registered", { url, problem: message });
  }

  async #sync(url: string): Promise<void> {
    const { signingKey, allowSecondsInCron } = this.#engine.settings;
    const text = JSON.stringify({ url });
    const response = await requestApp({
      method: "PUT",
      url,
      body: text,
      headers: { "x-inngest-signature": sign(text, signingKey), "x-inngest-sync-kind": "in_band" },
    });
    if (response.status !== 200) throw new Error(`the app answered ${response.status}: ${response.body.slice(0, 500)}`);
    if (response.headers["x-inngest-sync-kind"] !== "in_band") return;
    const mistrust = signatureProblem(response.headers["x-inngest-signature"], response.body, signingKey);
    if (mistrust) throw new Error(`the app's answer is not believed: ${mistrust}`);
    await registerApp(this.#engine, parseRegistration(JSON.parse(response.body), { allowSecondsInCron }));
  }
}
