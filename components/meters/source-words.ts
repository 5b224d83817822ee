import type { DataSourceType } from "@/lib/connectors/contract";

export const sourceWords: Record<DataSourceType, string> = { API: "API", S3: "S3 bucket", UPLOAD: "Upload by hand" };
