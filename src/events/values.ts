/** What a service reported with `started(values)`: texts by name. */
export type Values = Readonly<Record<string, string>>;
