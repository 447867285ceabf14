// What the generator for RTK Query adds its endpoints to.
import { createApi, fetchBaseQuery } from "@reduxjs/toolkit/query";
import { server, token } from "./request";

export const empty = createApi({
  baseQuery: fetchBaseQuery({ baseUrl: server, headers: { Authorization: `Bearer ${token}` } }),
  endpoints: () => ({}),
});
