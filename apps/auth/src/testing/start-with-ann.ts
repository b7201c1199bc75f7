import { Browser } from "./browser.ts";
import { startAuth } from "./running-auth.ts";

/** The service with Ann, an application, and a browser that nobody has signed in with yet. */
export async function startWithAnn() {
  const running = startAuth();
  const user = await running.addUser();
  return { ...running, running, user, client: running.addClient(), browser: new Browser(running) };
}
