/// An invariant that a simulated run broke, with what replays it.
public struct SimulationFailure: Error, Sendable, CustomStringConvertible {
    /// The seed of the run.
    public var seed: UInt64
    /// The step after which it showed.
    public var step: Int
    /// What is wrong.
    public var message: String

    /// One line.
    public var description: String {
        "\(message) (after step \(step); the same run again: Simulation(…, seed: \(seed)))"
    }
}

/// A broken invariant where neither seed nor step is known yet.
struct BrokenInvariant: Error {
    var message: String

    init(_ message: String) { self.message = message }
}
