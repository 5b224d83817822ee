"use server";

import { action } from "@/lib/action";
import { createToken } from "@/lib/tokens/create-token";
import { revokeToken } from "@/lib/tokens/revoke-token";
import { createTokenInput, revokeTokenInput } from "@/lib/tokens/schemas";
import { createUser } from "@/lib/users/create-user";
import { createUserInput, updateUserInput } from "@/lib/users/schemas";
import { updateUser } from "@/lib/users/update-user";

export const createUserAction = action(createUserInput, createUser, { revalidate: () => "/settings" });
export const updateUserAction = action(updateUserInput, updateUser, { revalidate: () => "/settings" });
export const createTokenAction = action(createTokenInput, createToken, { revalidate: () => "/settings/tokens" });
export const revokeTokenAction = action(revokeTokenInput, revokeToken, { revalidate: () => "/settings/tokens" });
