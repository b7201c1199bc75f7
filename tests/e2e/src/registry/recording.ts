import { z } from "zod";

const hex = z.string().regex(/^([0-9a-f]{2})*$/);

/** What passed between a foreign client and the registry, in the order in which it passed. Calls are numbered as they began; bytes are hexadecimal. */
export const recording = z.object({
  /** What the client says that it is. */
  client: z.string(),
  printed: z.array(z.string()),
  steps: z.array(
    z.discriminatedUnion("step", [
      /** A call began: its headers but for the service token, and the bytes of its body. */
      z.object({
        step: z.literal("call"),
        call: z.int(),
        path: z.string(),
        isAuthorized: z.boolean(),
        headers: z.record(z.string(), z.string()),
        sent: hex,
      }),
      /** A message came back, with its prefix. */
      z.object({ step: z.literal("message"), call: z.int(), received: hex }),
      z.object({ step: z.literal("end"), call: z.int(), status: z.int(), message: z.string() }),
      /** The client left. */
      z.object({ step: z.literal("cancel"), call: z.int() }),
    ]),
  ),
});

export type Recording = z.infer<typeof recording>;
