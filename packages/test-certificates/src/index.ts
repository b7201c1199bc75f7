export { type Authority, type Issued, newAuthority } from "./authority.ts";
export { selfSignedCertificate } from "./self-signed-certificate.ts";
