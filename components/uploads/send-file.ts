import type { UploadDto } from "@/lib/uploads/schemas";

/** As it comes over the wire: instants are text. */
type Sent = { ok: true; upload: Pick<UploadDto, "id" | "fileName"> } | { ok: false; message: string };

/** Sends a file as it is, telling how much of it has left. XMLHttpRequest, because fetch says nothing of that. Never throws. */
export function sendFile(meterId: string, file: File, onProgress: (share: number) => void): Promise<Sent> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const failed = (message: string) => resolve({ ok: false, message });
    request.open("POST", `/api/v1/meters/${meterId}/uploads?fileName=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => failed(`${file.name} did not arrive: the connection was lost. Send it again.`);
    request.onabort = request.onerror;
    request.onload = () => {
      const body = request.response;
      if (request.status === 201 && body?.id) resolve({ ok: true, upload: body });
      else failed(body?.error?.message ?? `${file.name} was refused with status ${request.status}.`);
    };
    request.send(file);
  });
}
