/// A thread of the application, as those see it who end it.
protocol Stoppable: Sendable {
    /// Asks for the end; returns at once.
    func stop()
}
