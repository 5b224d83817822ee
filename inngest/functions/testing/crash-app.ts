import http from "node:http";
import { serve } from "inngest/node";
import { functions, inngest } from "../../index";

/** The product's functions as a process that can be killed: `crash-app.ts PORT`, everything else from the environment. */
const port = Number(process.argv[2]);
http.createServer(serve({ client: inngest, functions: [...functions] })).listen(port, "127.0.0.1");
