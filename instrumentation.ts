/** Called once by Next when a server process starts. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { watchPeers } = await import("./lib/http/peer");
  watchPeers();
  const { allowSlowUploads } = await import("./lib/http/slow-uploads");
  allowSlowUploads();
  const { stopWithServer } = await import("./lib/stop-with-server");
  stopWithServer();
  // Here, because neither pages nor lib may know of Inngest.
  const { sendDispatchRequest } = await import("./inngest/send-dispatch-request");
  const { sendDispatchRequestsBy } = await import("./lib/runtime");
  sendDispatchRequestsBy(sendDispatchRequest);
}
