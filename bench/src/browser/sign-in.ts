import { type Contender, redirectUri } from "../contender.ts";
import { authorizationTarget, proofKey } from "../load/requests.ts";
import { Cookies } from "./cookies.ts";
import { fillForm } from "./form.ts";

/** Where a person's first visit ended. */
export interface SignedIn {
  /** The Cookie header that carries the session. */
  readonly cookie: string;
  /** From the redirect to the application. */
  readonly code: string;
  readonly verifier: string;
}

export interface SignInRequest {
  readonly scope: string;
  readonly prompt?: "consent";
}

const maximumSteps = 12;

/**
 * Signs a person in by the server's own pages, as a browser without JavaScript does, and agrees to what the client asks for.
 * @throws Error when that does not end in a redirect to the client with a code
 */
export async function signIn(contender: Contender, request: SignInRequest): Promise<SignedIn> {
  const { challenge, verifier } = proofKey();
  const cookies = new Cookies();
  let url = new URL(authorizationTarget(contender, { challenge, ...request }), `http://127.0.0.1:${contender.port}`);
  let form: URLSearchParams | undefined;
  for (let step = 0; step < maximumSteps; step += 1) {
    const reply = await fetch(url, {
      redirect: "manual",
      headers: { Cookie: cookies.toString() },
      ...(form === undefined ? {} : { method: "POST", body: form }),
    });
    for (const header of reply.headers.getSetCookie()) cookies.take(header);
    const page = await reply.text();
    const location = reply.headers.get("location");
    if (location !== null) {
      if (location.startsWith(redirectUri)) return { cookie: cookies.toString(), code: codeOf(location), verifier };
      url = atContender(location, url);
      form = undefined;
    } else if (reply.status === 200) {
      const filled = fillForm(page, contender.answers);
      url = atContender(filled.action, url);
      form = filled.fields;
    } else {
      throw new Error(`signing in at ${contender.name}: ${url.pathname} answered ${reply.status} ${page.slice(0, 300)}`);
    }
  }
  throw new Error(`signing in at ${contender.name} did not end`);
}

/** Absolute addresses name the host as the public does; the load goes to its loopback address. */
function atContender(reference: string, base: URL): URL {
  const { pathname, search } = new URL(reference, base);
  return new URL(pathname + search, base);
}

function codeOf(location: string): string {
  const code = new URL(location).searchParams.get("code");
  if (code === null) throw new Error(`signing in ended without a code: ${location}`);
  return code;
}
