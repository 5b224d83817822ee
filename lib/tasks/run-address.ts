/**
 * Where a run is looked at in the Inngest dashboard. `{runId}` in the configured address is replaced, as Inngest Cloud needs
 * (`https://app.inngest.com/env/production/runs/{runId}`); without it the page of the self-hosted server is meant.
 */
export function runAddress(dashboardUrl: string, runId: string): string {
  const id = encodeURIComponent(runId);
  if (/\{runId\}/i.test(dashboardUrl)) return dashboardUrl.replace(/\{runId\}/i, id);
  return `${dashboardUrl.replace(/\/+$/, "")}/run?runID=${id}`;
}
