/** Messages by key: one text, or two between which the number `n` chooses. */
export type Words = Record<string, string | { one: string; other: string }>;
