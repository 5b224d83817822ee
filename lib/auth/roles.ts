export const roles = ["viewer", "operator", "reviewer", "admin"] as const;
export type Role = (typeof roles)[number];

/** What can be done, and which roles may. Every verb names one of these; every role reads. */
export const permissions = {
  "fleet:read": ["viewer", "operator", "reviewer", "admin"],
  "meters:edit": ["operator", "admin"],
  "devices:edit": ["operator", "admin"],
  "jobs:edit": ["operator", "admin"],
  "jobs:operate": ["operator", "admin"],
  "tasks:operate": ["operator", "admin"],
  "factors:edit": ["admin"],
  "users:edit": ["admin"],
  "tokens:edit": ["admin"],
  "audit:read": ["viewer", "operator", "reviewer", "admin"],
  "mrv:review": ["reviewer", "admin"],
  "settings:edit": ["admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;
