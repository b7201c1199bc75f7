declare const brand: unique symbol;

/** A value that only one parser makes: whoever holds it need not check it again. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };
