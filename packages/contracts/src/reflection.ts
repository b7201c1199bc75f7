// Apart from what every service needs: only a server that reflects loads the descriptors.
export { fileDescriptorSet } from "./generated/descriptors.ts";
export * as reflection from "./generated/grpc/reflection/v1/reflection.ts";
