/// Closes the connection over which a request came, because a fault says so.
struct InjectedCut: Error {}
