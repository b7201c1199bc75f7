import { unavailable } from "./unavailable.ts";

/**
 * What `promise` gives, if it does within `milliseconds`.
 * @throws ResourceError unavailable where it does not
 */
export function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unavailable("the store did not answer in time")), milliseconds);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
