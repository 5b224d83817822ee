"use server";

import { action } from "@/lib/action";
import { intervalInput, intervalSources } from "@/lib/readings/interval-sources";

export const intervalSourcesAction = action(intervalInput, intervalSources);
