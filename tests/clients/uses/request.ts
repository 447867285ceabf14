// What every client asks for, and how it tells what it was answered.
function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

export const server = given("SERVER");
export const token = given("TOKEN");
export const payload = { userId: given("USER_ID"), rcExtension: given("EXTENSION") };

export function report(status: unknown, body: unknown): void {
  console.log(JSON.stringify({ status, body }));
}
