"use server";

import { action } from "@/lib/action";
import { createChannel } from "@/lib/notifications/channels/create-channel";
import { deleteChannel } from "@/lib/notifications/channels/delete-channel";
import {
  channelIdInput,
  createChannelInput,
  messageIdInput,
  updateChannelInput,
} from "@/lib/notifications/channels/schemas";
import { testChannel } from "@/lib/notifications/channels/test-channel";
import { updateChannel } from "@/lib/notifications/channels/update-channel";
import { retryMessage } from "@/lib/notifications/delivery/retry-message";
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

const onNotifications = { revalidate: () => "/settings/notifications" };
export const createChannelAction = action(createChannelInput, createChannel, onNotifications);
export const updateChannelAction = action(updateChannelInput, updateChannel, onNotifications);
export const deleteChannelAction = action(channelIdInput, deleteChannel, onNotifications);
export const testChannelAction = action(channelIdInput, testChannel, onNotifications);
export const retryMessageAction = action(messageIdInput, retryMessage, onNotifications);
