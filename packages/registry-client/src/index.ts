export { createDirectory, type Directory, type DirectoryOptions, type RunningDirectory } from "./directory.ts";
export { clientFromProto, tenantFromProto } from "./from-proto.ts";
export { requireTenant } from "./require-tenant.ts";
export { createSubjects, type Subjects, type SubjectsOptions } from "./subjects.ts";
