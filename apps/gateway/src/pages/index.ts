export { type ConsentView, consentPage } from "./consent.ts";
export { applicationSources } from "./content-security-policy.ts";
export { type ErrorView, errorPage } from "./error.ts";
export { type FormPostView, formPostPage } from "./form-post.ts";
export type { Page } from "./page.ts";
export { type SignInProblem, type SignInView, signInPage } from "./sign-in.ts";
export { type SignedInView, signedInPage } from "./signed-in.ts";
export { type SignedOutView, signedOutPage } from "./signed-out.ts";
export type { Branding, ClientView, ScopeView, UserView } from "./views.ts";
