"use server";

import { action } from "@/lib/action";
import { findInFleet, findInput } from "@/lib/overview/find-in-fleet";

export const findAction = action(findInput, findInFleet);
