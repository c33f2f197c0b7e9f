// Package sim is a simulator of the part of Microsoft Graph that Apple enrollment in Intune needs.
//
// It is strict: a path it does not know answers 501, a beta path asked of v1.0 the real 400, an unknown, mistyped or
// server-made member 400, a missing permission 403. It is stateful: what is written is read back, with the lag and the
// quirks of the service. And it is hostile on demand: see [Fault]. It shares no code with the client it tests, so that a
// wrong request is caught instead of mirrored.
//
// Facts come from Microsoft's documents of the beta and v1.0 endpoints, the published schema of both, recorded portal
// traffic of 2025 and 2026, Intune's published setting definitions, and the code of other open tools ("peer code");
// the source stands beside each behaviour. Where nothing is established the simulator takes the stricter side and
// says so. It proves that a client is right about the documents, not that the documents are right about the service.
//
// [Start] listens on loopback, Graph over HTTP and the token endpoint over TLS with a certificate authority of its own;
// [New] with [Simulator.Graph] and [Simulator.Token] gives the handlers alone.
package sim
