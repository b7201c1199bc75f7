import { describe, expect, test } from "vitest";
import { cookieJar } from "./cookie.ts";
import { clearInteraction, readInteraction, setInteraction } from "./interaction-cookie.ts";

const interaction = (n: number) => ({ id: n.toString(16).padStart(32, "0"), secret: `secret-${n}` });
const all = (count: number) => Array.from({ length: count }, (_, n) => interaction(n));

describe.each(["http://localhost:4000", "https://id.example"])("the cookies of sign-ins in progress at %s", (publicUrl) => {
  const jar = cookieJar(publicUrl);

  /** A browser that is sent cookies by replies to requests of the method, of which it shows its cookies only with the visible ones. */
  function browser() {
    const cookies = new Map<string, string>();
    const headers = () => ({ cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") });
    const keep = (sent: readonly string[]) => {
      for (const cookie of sent) {
        const [name = "", value = ""] = cookie.split(";", 1)[0]?.split("=") ?? [];
        if (cookie.includes("Max-Age=0")) cookies.delete(name);
        else cookies.set(name, value);
      }
    };
    return {
      cookies,
      begin: (method: string, begun: ReturnType<typeof interaction>, isSeen = true) =>
        keep(setInteraction(jar, { method, headers: isSeen ? headers() : {} }, begun)),
      end: (id: string) => keep(clearInteraction(jar, headers(), id)),
      secretOf: (id: string) => readInteraction(jar, headers(), id),
    };
  }

  test.each(["GET", "POST"])("those that answered a %s are each found by its id, until it has ended", (method) => {
    const { begin, end, secretOf } = browser();
    const begun = all(12);
    for (const each of begun) begin(method, each);
    expect(begun.map(({ id }) => secretOf(id))).toEqual(begun.map(({ secret }) => secret));
    end(interaction(3).id);
    const left = begun.filter(({ id }) => secretOf(id) !== "");
    expect(left).toEqual(begun.filter(({ id }) => id !== interaction(3).id));
    expect(secretOf(interaction(99).id)).toBe("");
  });

  test("a thirteenth ends all of the others", () => {
    const { cookies, begin, secretOf } = browser();
    for (const each of all(13)) begin("GET", each);
    expect([cookies.size, secretOf(interaction(12).id)]).toEqual([1, "secret-12"]);
  });

  test("a browser that another site has post again and again comes to hold a few", () => {
    const { cookies, begin, secretOf } = browser();
    for (const each of all(500)) begin("POST", each, false);
    expect(cookies.size).toBeLessThanOrEqual(16);
    expect(secretOf(interaction(499).id)).toBe("secret-499");
    begin("GET", interaction(500));
    expect([cookies.size <= 16, secretOf(interaction(500).id)]).toEqual([true, "secret-500"]);
  });
});
