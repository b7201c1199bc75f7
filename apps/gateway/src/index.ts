export { createGateway, type Gateway, type GatewayDependencies, type RequestListener } from "./app.ts";
export { type Listening, listen } from "./listen.ts";
export type { ObservableRequest, ObservedRequest, RequestNotes, RequestObserver } from "./request-observer.ts";
