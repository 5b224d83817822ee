"use server";

import { action } from "@/lib/action";
import { createFactor } from "@/lib/factors/create-factor";
import { factorUse, factorUseInput } from "@/lib/factors/factor-use";
import { planFactor, planRecompute } from "@/lib/factors/recompute/plan-recompute";
import { planRecomputeInput, startRecomputeInput } from "@/lib/factors/recompute/schemas";
import { startRecompute } from "@/lib/factors/recompute/start-recompute";
import { createFactorInput, newFactorInput } from "@/lib/factors/schemas";

export const planFactorAction = action(newFactorInput, planFactor);
export const createFactorAction = action(createFactorInput, createFactor, { revalidate: () => "/factors" });
export const planRecomputeAction = action(planRecomputeInput, planRecompute);
export const startRecomputeAction = action(startRecomputeInput, startRecompute, { revalidate: () => "/factors" });
export const factorUseAction = action(factorUseInput, factorUse);
