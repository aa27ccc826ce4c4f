/** The server's rule for names: printable, at most 64 characters and 256 bytes. */
export function cleanUsername(typed: string): string {
  const plain = [...typed.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim()].slice(0, 64);
  while (new TextEncoder().encode(plain.join('')).length > 256) plain.pop();
  return plain.join('').trim();
}
