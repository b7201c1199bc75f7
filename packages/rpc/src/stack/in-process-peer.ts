/** What a call's context names its caller where both are one process. */
export const inProcessPeer = "in-process";
