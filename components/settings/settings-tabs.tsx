import { Tabs } from "@/components/ui/tabs";

export function SettingsTabs({ current }: { current: "users" | "tokens" | "notifications" }) {
  return (
    <Tabs
      label="Settings"
      tabs={[
        { href: "/settings", label: "Users", icon: "user", current: current === "users" },
        { href: "/settings/tokens", label: "API tokens", icon: "key", current: current === "tokens" },
        {
          href: "/settings/notifications",
          label: "Notifications",
          icon: "bell",
          current: current === "notifications",
        },
      ]}
    />
  );
}
