import { configureStore } from "@reduxjs/toolkit";
import { empty } from "./empty";
import { api } from "./client";
import { payload, report } from "./request";

const store = configureStore({
  reducer: { [empty.reducerPath]: empty.reducer },
  middleware: (usual) => usual().concat(empty.middleware),
});
const answer = await store.dispatch(api.endpoints.updateRcExtension.initiate({ updateRcExtension: { payload } }));
if ("error" in answer && answer.error && "status" in answer.error) {
  report(answer.error.status, answer.error.data);
} else {
  report(200, answer.data);
}
