// Descriptions of what the server does not do. Each lie comes with a request whose answer shows it,
// and with what a reader of the answer must say then.

const user = "64b7f1a2e4b0a5d3f9c1aaaa";
const profile = JSON.stringify({ name: "Liar" });
const json = (body) => ({ "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });

export const lies = [
  {
    name: "a member that no user has",
    tell: (d) => d.components.schemas.User.required.push("nickname"),
    request: { method: "PUT", path: `/v1/users/${user}`, body: profile },
    headers: json(profile),
    status: 201,
    seen: /response\.body.*nickname/,
  },
  {
    name: "a member of another type",
    tell: (d) => (d.components.schemas.ExtensionState.properties.rcExtension = { type: "integer" }),
    request: { method: "GET", path: "/v1/extensions/1399" },
    status: 200,
    seen: /response\.body\.rcExtension.*integer/,
  },
  {
    name: "no member beside those described",
    tell: (d) => {
      const { schema } = d.paths["/v1/users"].get.responses["200"].content["application/json"];
      delete schema.properties.next;
      schema.required = ["data"];
    },
    request: { method: "GET", path: "/v1/users?limit=1" },
    status: 200,
    seen: /response\.body.*(additional|next)/,
  },
  {
    name: "a text of another form",
    tell: (d) => (d.paths["/readyz"].get.responses["200"].content["application/json"].schema.properties.status = { const: "set" }),
    request: { method: "GET", path: "/readyz" },
    isOpen: true,
    status: 200,
    seen: /response\.body\.status/,
  },
  {
    name: "a status that is not described",
    tell: (d) => {
      delete d.paths["/v1/users/{userId}/history"].get.responses["404"];
      delete d.paths["/v1/users/{userId}/history"].get.responses.default;
    },
    request: { method: "GET", path: "/v1/users/64b7f1a2e4b0a5d3f9c1bbbb/history" },
    status: 404,
    seen: /status code/,
  },
  {
    name: "an error where only those of the transport are described",
    tell: (d) => delete d.paths["/v1/users/{userId}/extension"].delete.responses["404"],
    request: { method: "DELETE", path: "/v1/users/64b7f1a2e4b0a5d3f9c1bbbb/extension" },
    status: 404,
    seen: /response\.body\.error\.code/,
  },
  {
    name: "a header that does not come",
    tell: (d) => (d.components.responses.UserNotFound.headers.Absent = { required: true, schema: { type: "string" } }),
    request: { method: "DELETE", path: "/v1/users/64b7f1a2e4b0a5d3f9c1bbbb" },
    status: 404,
    seen: /response\.header.*absent/i,
  },
  {
    name: "a header of another form",
    tell: (d) => (d.paths["/v1/users/{userId}"].get.responses["200"].headers.ETag = { required: true, schema: { type: "string", pattern: "^W/" } }),
    request: { method: "GET", path: `/v1/users/${user}` },
    status: 200,
    seen: /response\.header\.etag/i,
  },
  {
    name: "another media type",
    tell: (d) => (d.paths["/metrics"].get.responses["200"].content = { "application/json": { schema: {} } }),
    request: { method: "GET", path: "/metrics" },
    isOpen: true,
    status: 200,
    seen: /media type/,
  },
];

export function withLies(description) {
  const copy = structuredClone(description);
  for (const lie of lies) lie.tell(copy);
  return copy;
}
