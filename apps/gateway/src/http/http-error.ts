/** What is wrong with a request before any rule of the protocol sees it. The description is public. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: 400 | 403 | 404 | 405 | 413 | 415;
  readonly description: string;

  constructor(status: HttpError["status"], description: string, options?: ErrorOptions) {
    super(`${status}: ${description}`, options);
    this.status = status;
    this.description = description;
  }
}
