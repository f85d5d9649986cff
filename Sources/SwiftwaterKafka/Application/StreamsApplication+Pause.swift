internal import Logging

extension StreamsApplication {
    /// Leaves processing, punctuation and restoring alone from the next turn of each thread on, until ``resume()`` (KIP-834).
    ///
    /// The application stays in its group with its partitions and goes on polling until its buffers are full; what was processed is
    /// committed, global tables follow their topics, queries are answered, ``state`` does not change. It may be called before
    /// ``start()``: then stores stay as they are found, and ``state`` is `rebalancing` for as long as there is something to restore.
    /// It holds for this process alone: a partition that moves to another is processed there. The counterpart of
    /// `KafkaStreams.pause`.
    public func pause() {
        if pauseSwitch.set(true) { logger.info("paused") }
    }

    /// Goes on where ``pause()`` left off; a punctuation that was due meanwhile, however often, is called once.
    public func resume() {
        if pauseSwitch.set(false) { logger.info("resumed") }
    }

    /// Whether it was paused and not resumed since.
    public var isPaused: Bool { pauseSwitch.isOn }
}
