/** A relying party on Express and Passport, as passport-openidconnect's documentation shows: the secret in the form body, a nonce, no PKCE. */
import { randomBytes, randomUUID } from "node:crypto";
import express, { type NextFunction, type Request, type Response } from "express";
import session from "express-session";
import passport from "passport";
import refresh from "passport-oauth2-refresh";
import { Strategy } from "passport-openidconnect";
import { claimsPage, errorPage, plainPage } from "../pages.ts";
import { readSetting } from "../setting.ts";

interface SignedIn {
  readonly claims: object;
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** By what a browser's session holds. */
const people = new Map<string, SignedIn>();
const setting = readSetting();
const { issuer, clientId, clientSecret, home, callback } = setting;
// This library has no discovery: a developer copies the endpoints from the provider's documentation, which the metadata are.
const metadata: Record<string, unknown> = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
const endpoint = (name: string) => String(metadata[`${name}_endpoint`]);

const strategy = new Strategy(
  {
    issuer,
    authorizationURL: endpoint("authorization"),
    tokenURL: endpoint("token"),
    userInfoURL: endpoint("userinfo"),
    clientID: clientId,
    clientSecret,
    callbackURL: callback,
    scope: ["profile", "email", "offline_access"],
    nonce: "true",
    skipUserProfile: false,
  },
  (
    _issuer: string,
    profile: passport.Profile,
    _context: object,
    idToken: string | object,
    accessToken: string | object,
    refreshToken: string,
    done: (error: Error | null, user?: { readonly id: string }) => void,
  ) => {
    const claims = { sub: profile.id, name: profile.displayName, email: profile.emails?.[0]?.value };
    const id = randomUUID();
    people.set(id, { claims, idToken: String(idToken), accessToken: String(accessToken), refreshToken });
    done(null, { id });
  },
);
passport.use(strategy);
refresh.use(strategy);
passport.serializeUser((user, done) => done(null, idOf(user)));
passport.deserializeUser((id: string, done) => done(null, people.has(id) ? { id } : false));

function idOf(user: Express.User | undefined): string {
  return user !== undefined && "id" in user ? String(user.id) : "";
}

function signedIn({ user }: Request): SignedIn {
  const person = people.get(idOf(user));
  if (person === undefined) throw new Error("nobody is signed in");
  return person;
}

const app = express();
app.use(session({ secret: randomBytes(32).toString("base64url"), resave: false, saveUninitialized: false }));
app.use(passport.session());
app.get("/login", passport.authenticate("openidconnect"));
app.get("/callback", passport.authenticate("openidconnect", { failWithError: true }), (request, response) => {
  response.send(claimsPage("Signed in", signedIn(request).claims));
});
app.get("/refresh", (request, response, next) => {
  const before = signedIn(request);
  refresh.requestNewAccessToken("openidconnect", before.refreshToken, (error, accessToken, refreshToken) => {
    if (error) return next(new Error(`${error.statusCode}: ${error.data}`));
    people.set(idOf(request.user), { ...before, accessToken, refreshToken });
    response.send(claimsPage("Refreshed", before.claims));
  });
});
app.get("/userinfo", async (request, response) => {
  const { accessToken } = signedIn(request);
  const reply = await fetch(endpoint("userinfo"), { headers: { Authorization: `Bearer ${accessToken}` } });
  if (!reply.ok) throw new Error(`userinfo was refused: ${reply.status}`);
  response.send(claimsPage("Userinfo", await reply.json()));
});
app.get("/logout", (request, response) => {
  const parameters = { id_token_hint: signedIn(request).idToken, post_logout_redirect_uri: `${home}signed-out` };
  response.redirect(`${endpoint("end_session")}?${new URLSearchParams(parameters)}`);
});
app.get("/signed-out", (request, response, next) => {
  request.logout((error) => (error ? next(error) : response.send(plainPage("Signed out"))));
});
app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
  response.status(400).send(errorPage(error));
});
app.listen(Number(home.port), "localhost", () => console.log("ready"));
