/// The name of a request that is answered later; the shell keeps the continuation that belongs to it.
struct HeldRequest: Hashable, Sendable {
    let number: UInt64
}
