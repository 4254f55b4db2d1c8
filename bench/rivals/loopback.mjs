import { Server } from "node:net";

// A rival that would listen on every address of the machine listens on its loopback.
const { listen } = Server.prototype;
Server.prototype.listen = function (port, ...rest) {
  const done = rest.find((each) => typeof each === "function");
  return listen.call(this, { port: typeof port === "object" ? port.port : Number(port), host: "127.0.0.1" }, done);
};
