import type { Stage } from "@/lib/db/schema/tasks";

export function stageWord(stage: Stage): string {
  return stage.charAt(0).toUpperCase() + stage.slice(1);
}
